import { REGISTRY } from './registry.js'

/** A parsed command line. */
export type CommandLine = {
  /** The name of the command; `undefined` if there is none with that name. */
  readonly command: string | undefined
  /** The words before the first flag, including those of the command. */
  readonly words: readonly string[]
  /** The arguments for the command. */
  readonly argv: readonly string[]
  readonly help: boolean
  readonly version: boolean
}

const WITH_VALUE = '--root'
const MAX_WORDS = 2

/** The number of arguments before the command: flags and their values. */
const leadingFlags = (argv: readonly string[]): number => {
  let count = 0
  while (argv[count]?.startsWith('-') === true && argv[count] !== '--') {
    count += argv[count] === WITH_VALUE ? 2 : 1
  }
  return Math.min(count, argv.length)
}

const commandIn = (words: readonly string[]): string | undefined => {
  for (let length = MAX_WORDS; length > 0; length -= 1) {
    const name = words.slice(0, length).join(' ')
    if (words.length >= length && REGISTRY.has(name)) return name
  }
  return undefined
}

/** `-v` and `-V` alone, since a flag of an unknown command means something else. */
const asksForVersion = ([first]: readonly string[], flags: readonly string[]): boolean =>
  flags.includes('--version') ||
  first === 'version' ||
  (first === undefined && (flags.includes('-v') || flags.includes('-V')))

/** Parses a command line. Flags can also come before the command, as in `--json ops list`. */
export const readCommandLine = (argv: readonly string[]): CommandLine => {
  const ahead = leadingFlags(argv)
  const typed = argv.slice(ahead)
  const asked = typed[0] === 'help'
  const rest = asked ? typed.slice(1) : typed
  const end = rest.findIndex((word) => word.startsWith('-'))
  const words = rest.slice(0, end === -1 ? rest.length : end)
  const command = commandIn(words)
  const dashes = argv.indexOf('--')
  const flags = dashes === -1 ? argv : argv.slice(0, dashes)
  return {
    command,
    words,
    argv: [...argv.slice(0, ahead), ...rest.slice(command?.split(' ').length ?? 0)],
    help: asked || flags.includes('--help') || flags.includes('-h'),
    version: command === undefined && asksForVersion(words, flags),
  }
}
