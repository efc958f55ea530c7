/** C0, DEL and C1, line and paragraph separators, and characters that change the direction of text. */
const UNSAFE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

const shown = (character: string): string =>
  character === '\n' || character === '\t'
    ? ' '
    : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * Makes one line of text that a terminal displays and never interprets: line ends and tabs become spaces, other control
 * characters are escaped as in JSON.
 */
export const printableLine = (text: string): string =>
  text.replaceAll('\r\n', '\n').replace(UNSAFE, shown)

/** The same for each line of a text. */
export const printableLines = (text: string): string[] =>
  text.replaceAll('\r\n', '\n').split('\n').map(printableLine)
