import { DESCRIPTION, SPEC_KITTY } from '../package-info.js'
import type { HelpStyle } from './command-help.js'
import { GROUPS, loadCommand, REGISTRY } from './registry.js'

const { bin: BIN } = SPEC_KITTY

/** Text in lines of at most `width` columns, broken at spaces only. */
const wrapped = (text: string, width: number): readonly string[] => {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`
    if (lines.length > 0 && longer.length <= width) lines.splice(-1, 1, longer)
    else lines.push(word)
  }
  return lines
}

const ended = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

type Named = readonly [name: string, summary: string]

/** A list of commands and summaries. `column` is the width of the longest name. */
const commandList = (commands: readonly Named[], column: number, width: number): string =>
  commands
    .map(([name, summary]) => {
      const lines = wrapped(summary, width - column - 4)
      return ended(lines.map((line, at) => `  ${(at === 0 ? name : '').padEnd(column)}  ${line}`))
    })
    .join('')

const longestName = (names: readonly string[]): number =>
  Math.max(...names.map(({ length }) => length))

const AN_OP =
  'An Op is a bounded piece of work: opened with a request, closed with its real outcome, and kept as a record in kitty-ops/.'

const rootHelp = (width: number): string => {
  const column = longestName([...REGISTRY.keys()])
  const groups = GROUPS.map((heading) => {
    const commands = [...REGISTRY].filter(([, { group }]) => group === heading)
    const named = commands.map(([name, { summary }]): Named => [name, summary])
    return `${heading.toUpperCase()}\n${commandList(named, column, width)}\n`
  })
  return `\
${ended(wrapped(DESCRIPTION, width))}
${ended(wrapped(AN_OP, width))}
USAGE
  $ ${BIN} COMMAND [flags]
  $ ${BIN} COMMAND --help
  $ ${BIN} --version

${groups.join('')}EXAMPLES
  $ ${BIN} do "Fix the flaky test" --profile debugger-debbie
  $ ${BIN} ops complete 01K6ZP4W --outcome done
  $ ${BIN} do "Run the tests" -- npm test

${ended(wrapped('Every command has --json for programs, and --root for another project.', width))}`
}

const topicHelp = (topic: string, width: number): string => {
  const commands = [...REGISTRY].filter(([name]) => name.startsWith(`${topic} `))
  const named = commands.map(([name, { summary }]): Named => [name, summary])
  const column = longestName(named.map(([name]) => name))
  return `\
USAGE
  $ ${BIN} ${topic} COMMAND [flags]

COMMANDS
${commandList(named, column, width)}`
}

/** The help for a command, for a topic such as `ops`, or for the program if `name` is `undefined`. */
export const helpText = async (name: string | undefined, style: HelpStyle): Promise<string> => {
  const { width } = style
  if (name === undefined) return rootHelp(width)
  const command = await loadCommand(name)
  if (command === undefined) return topicHelp(name, width)
  return (await import('./command-help.js')).commandHelp(command, style)
}
