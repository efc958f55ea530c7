import { loadCommand, REGISTRY } from './registry.js'

/** What can follow a command: its flags, with dashes, and the words of its fixed choices. */
export type CompletionModel = ReadonlyMap<string, readonly string[]>

const nextWords = (prefix: string): string[] => {
  const start = prefix === '' ? '' : `${prefix} `
  const names = [...REGISTRY.keys()].filter((name) => name.startsWith(start))
  return [...new Set(names.map((name) => name.slice(start.length).split(' ')[0] ?? ''))]
}

const wordsOf = async (name: string): Promise<string[]> => {
  const command = await loadCommand(name)
  const choices = Object.values(command?.args ?? {}).flatMap(({ options = [] }) => options)
  const flags = Object.keys({ ...command?.flags, ...command?.baseFlags })
  return [...choices, ...flags.map((flag) => `--${flag}`)]
}

/** Made from the registry: for the root (an empty name), for each topic, and for each command. */
export const completionModel = async (): Promise<CompletionModel> => {
  const model = new Map<string, readonly string[]>([['', nextWords('')]])
  for (const name of REGISTRY.keys()) {
    const [topic = ''] = name.split(' ')
    if (topic !== name) model.set(topic, nextWords(topic))
    model.set(name, await wordsOf(name))
  }
  return model
}
