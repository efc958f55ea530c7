import { resolve } from 'node:path'
import { shellWord } from '@kitty/writer'

/** What users type to start the program: `spec-kitty`, or a command line that embeds these commands. */
export type ProgramName = {
  readonly bin: string
  /** What separates the words of a command: `ops list` or `ops:list`. */
  readonly topicSeparator: string
}

/** A program and the project root that was named for this run. Printed commands repeat both. */
export type Program = ProgramName & {
  /** Absolute; `undefined` if no root was named. */
  readonly root: string | undefined
}

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

/** The command that prints the help of a command, or of the program for an empty name. */
export const helpCommand = (program: ProgramName, command: string): string =>
  command === '' ? `${program.bin} --help` : `${programCommand(program, command)} --help`

/** The command that checks a record. Its file is named in full if a root was named. */
export const validateCommand = (program: Program, path: string): string => {
  const file = program.root === undefined ? path : resolve(program.root, path)
  return `${programCommand(program, 'ops validate')} ${shellWord(file)}`
}

/** A git command, run in the root if one was named. */
export const gitCommand = ({ root }: Program, words: string): string =>
  root === undefined ? `git ${words}` : `git -C ${shellWord(root)} ${words}`
