import { BIN, DESCRIPTION } from './about.js'
import { type CommandClass, loadCommand, REGISTRY } from './registry.js'
import { pairs } from './render/table.js'

/** How help is shown. */
export type HelpStyle = {
  /** With escape sequences. */
  readonly coloured: boolean
  /** In columns. */
  readonly width: number
}

const commandList = (prefix: string): string =>
  pairs(
    [...REGISTRY]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, { summary }]) => [name, summary] as const),
  )

const rootHelp = (): string => `\
${DESCRIPTION}

USAGE
  $ ${BIN} COMMAND [flags]

COMMANDS
${commandList('')}
Every command has --help with examples, --json and --root. See also: ${BIN} --version
`

const topicHelp = (topic: string): string => `\
USAGE
  $ ${BIN} ${topic} COMMAND [flags]

COMMANDS
${commandList(`${topic} `)}`

const named = <T extends object>(
  things: Readonly<Record<string, T>>,
): Record<string, T & { name: string }> =>
  Object.fromEntries(Object.entries(things).map(([name, thing]) => [name, { ...thing, name }]))

/** A single line end is where the source was folded; an empty line parts paragraphs. */
const LINE_BREAK = /(?<!\n)\n(?!\n)/g

const commandHelp = async (command: CommandClass, style: HelpStyle): Promise<string> => {
  const { CommandHelp } = await import('@oclif/core/help')
  const { LeanConfig } = await import('./lean-config.js')
  const described = {
    aliases: [],
    args: named(command.args),
    description: command.description?.replaceAll(LINE_BREAK, ' '),
    examples: command.examples,
    flags: named({ ...command.flags, ...command.baseFlags }),
    hidden: false,
    hiddenAliases: [],
    id: command.id.replaceAll(':', ' '),
    load: async () => command,
    usage: command.usage,
  }
  const options = {
    flagSortOrder: 'none' as const,
    maxWidth: style.width,
    stripAnsi: !style.coloured,
  }
  const text = new CommandHelp(described, new LeanConfig(), options).generate()
  return `${command.summary ?? ''}\n\n${text}\n`
}

/** The help for a command, for a topic such as `ops`, or for everything. */
export const helpText = async (name: string | undefined, style: HelpStyle): Promise<string> => {
  if (name === undefined) return rootHelp()
  const command = await loadCommand(name)
  return command === undefined ? topicHelp(name) : commandHelp(command, style)
}
