import { shellWord } from '@kitty/writer/internals'

/** Joins words to a command that is safe to paste into a shell. */
export const commandLine = (words: readonly string[]): string =>
  words.map((word) => shellWord(word)).join(' ')
