import { realpathSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import { join } from 'node:path/posix'
import { shellWord } from '@kitty/writer/internals'
import { PROGRAM_NAMES } from '../package-info.js'

/** What users type to start the program: `spec-kitty`, or a command line that embeds these commands. */
export type ProgramName = {
  readonly bin: string
  /** What separates the words of a command: `ops list` or `ops:list`. */
  readonly topicSeparator: string
}

/** A program under each of its names. A command line that embeds these commands has one. */
export const namesOf = (program: ProgramName): readonly ProgramName[] =>
  PROGRAM_NAMES.some((name) => name === program.bin)
    ? PROGRAM_NAMES.map((bin) => ({ ...program, bin }))
    : [program]

/** A program and the project root of this run. Printed commands repeat the program, and lead to the root. */
export type Program = ProgramName & {
  /** Absolute; `undefined` if no root was named. */
  readonly root: string | undefined
  /** The path from the current folder to the root that was found, with `/`; `undefined` if they are the same. */
  readonly up?: string | undefined
  /** The other `spec-kitty` on the PATH, absolute, if a printed command needs it. */
  readonly upstream?: string | undefined
}

const canonical = (folder: string): string => {
  try {
    return realpathSync.native(folder)
  } catch {
    return folder
  }
}

/**
 * The same program after its project was found: unless a root was named, printed commands work from the current
 * folder, which can be below the root.
 */
export const inProject = <T extends Program>(program: T, root: string, cwd: string): T =>
  program.root === undefined
    ? {
        ...program,
        up: relative(canonical(cwd), canonical(root)).replaceAll(sep, '/') || undefined,
      }
    : program

/** The flag that makes a command act on the root that was named, with a space before it; else empty. */
const rootFlag = (root: string | undefined): string =>
  root === undefined ? '' : ` --root ${shellWord(root)}`

/** A command of this program, without anything after it. */
export const programCommand = ({ bin, topicSeparator }: ProgramName, command: string): string =>
  `${bin} ${command.replaceAll(' ', topicSeparator)}`

/**
 * A command of this program, ready to paste: `ops complete`, then its operand, the root if one was named, and
 * `flags` as they are.
 */
export const ownCommand = (
  program: Program,
  command: string,
  { operand, flags }: { readonly operand?: string; readonly flags?: string } = {},
): string => {
  const words = operand === undefined ? '' : ` ${operand}`
  const rest = flags === undefined ? '' : ` ${flags}`
  return `${programCommand(program, command)}${words}${rootFlag(program.root)}${rest}`
}

/** The command that prints the help of a command, or of the program without a name. */
export const helpCommand = (program: ProgramName, command?: string): string =>
  command === undefined ? `${program.bin} --help` : `${programCommand(program, command)} --help`

/** The command that checks a record. Its file is named in full if a root was named, else from the current folder. */
export const validateCommand = (program: Program, path: string): string => {
  const { root, up = '.' } = program
  const file = root === undefined ? join(up, path) : resolve(root, path)
  return `${programCommand(program, 'ops validate')} ${shellWord(file)}`
}

/** A git command that runs in the root. */
export const gitCommand = ({ root, up }: Program, words: string): string => {
  const folder = root ?? up
  return folder === undefined ? `git ${words}` : `git -C ${shellWord(folder)} ${words}`
}
