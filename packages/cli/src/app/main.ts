import type { CommandMaker } from '../command/base-command.js'
import { type GivenIo, type Io, type Outputs, withProcess } from '../command/io.js'
import { type OutputMode, outputModeOf } from '../command/output-mode.js'
import type { VersionJson } from '../json/setup.js'
import { SPEC_KITTY, VERSION, VERSION_LINE } from '../package-info.js'
import { toJson } from '../terminal/json.js'
import { wrapWidth } from '../terminal/wrap.js'
import { type CommandLine, readCommandLine } from './command-line.js'
import { loadCommand, REGISTRY } from './registry.js'

const isTopic = ([word, ...more]: readonly string[]): boolean =>
  more.length === 0 && [...REGISTRY.keys()].some((name) => name.startsWith(`${word} `))

/** Lines longer than this are hard to read. */
const MAX_COLUMNS = 80

const helpFor = async (
  subject: string | undefined,
  { stdout }: Outputs,
  { json, colour }: OutputMode,
): Promise<string> => {
  if (json) return toJson(await (await import('./help-json.js')).helpJson(subject), stdout.isTTY)
  const { helpText } = await import('./help.js')
  const width = Math.min(wrapWidth(stdout), MAX_COLUMNS)
  return helpText(subject, { coloured: colour && stdout.isTTY, width })
}

/** Whether nothing, or only a topic, was typed. Then help is more useful than an error. */
const asksForHelp = ({ words, argv }: CommandLine): boolean =>
  words.length === 0 ? argv.length === 0 : isTopic(words) && argv.length === words.length

/** Passes a command that we do not have on to another `spec-kitty`. Throws if there is none, and for a near miss. */
const runElsewhere = async (line: CommandLine, typed: readonly string[], io: Io) => {
  const { canBeOther, error } = (await import('./unknown-command.js')).unknownCommand(line)
  if (!canBeOther) throw error
  const { otherFor, passOn } = await import('../upstream/pass-on.js')
  const other = otherFor(typed, io)
  if (other === undefined) throw error
  return passOn(other, typed, io)
}

/** Runs the command of a command line, of which `typed` are the arguments. */
const dispatch = async (
  line: CommandLine,
  typed: readonly string[],
  { io, outputMode }: { readonly io: Io; readonly outputMode: OutputMode },
): Promise<number> => {
  const { command, words, argv } = line
  if (line.version) {
    io.stdout.write(
      outputMode.json
        ? toJson(VERSION satisfies VersionJson, io.stdout.isTTY)
        : `${VERSION_LINE}\n`,
    )
    return 0
  }
  const known = command !== undefined || words.length === 0 || isTopic(words)
  if ((line.help && known) || asksForHelp(line)) {
    io.stdout.write(await helpFor(command ?? words[0], io, outputMode))
    return 0
  }
  const Found: CommandMaker | undefined =
    command === undefined ? undefined : await loadCommand(command)
  if (Found === undefined) return runElsewhere(line, typed, io)
  const { LeanConfig } = await import('../command/oclif-config.js')
  return new Found([...argv], new LeanConfig()).launch(io)
}

/**
 * Runs `spec-kitty` with these arguments. `given` replaces parts of the process, such as its streams. Returns the exit
 * status: 0 done, 1 it could not be done or a check found something, 2 wrong usage. Never throws and never ends the
 * process. Modules that are slow to load are loaded when they are needed.
 */
export const main = async (argv: readonly string[], given: GivenIo = {}): Promise<number> => {
  const io = withProcess(given)
  const outputMode = outputModeOf(argv, io, SPEC_KITTY)
  try {
    return await dispatch(readCommandLine(argv), argv, { io, outputMode })
  } catch (error) {
    const { asKittyError } = await import('../command/usage.js')
    const { printError } = await import('../command/result.js')
    return printError(asKittyError(error, { program: SPEC_KITTY, flags: [] }), io, outputMode)
  }
}
