/** C0, DEL and C1, line and paragraph separators, and what turns the direction of text around. */
const UNSAFE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

const shown = (character: string): string =>
  character === '\n' || character === '\t'
    ? ' '
    : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * Text from a record as one line that a terminal only shows, and never obeys: line ends and tabs are
 * spaces, other control characters are written out as in JSON.
 */
export const printableLine = (text: string): string =>
  text.replaceAll('\r\n', '\n').replace(UNSAFE, shown)

/** The same line by line. */
export const printableLines = (text: string): string[] =>
  text.replaceAll('\r\n', '\n').split('\n').map(printableLine)
