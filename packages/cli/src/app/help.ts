import { BIN, DESCRIPTION } from '../package-info.js'
import { pairs } from '../terminal/table.js'
import type { HelpStyle } from './command-help.js'
import { loadCommand, REGISTRY } from './registry.js'

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

/** The help for a command, for a topic such as `ops`, or for everything. */
export const helpText = async (name: string | undefined, style: HelpStyle): Promise<string> => {
  if (name === undefined) return rootHelp()
  const command = await loadCommand(name)
  if (command === undefined) return topicHelp(name)
  return (await import('./command-help.js')).commandHelp(command, style)
}
