import { shellWord } from '@kitty/writer'

/** Words as a command that can be pasted into a shell. */
export const commandLine = (words: readonly string[]): string =>
  words.map((word) => shellWord(word)).join(' ')
