const PLAIN = /^[\w/.:+-][\w/.:@+-]*$/

/** What no terminal shows as it is: control characters, line separators, what turns the direction of text around. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u

const octal = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')

/**
 * In single quotes nothing is obeyed; fish alone reads a backslash there, so it stands outside. What cannot be seen
 * is written in octal, which bash and zsh read; where a shell does not, the word names something that is not there.
 */
const posixWord = (text: string): string =>
  UNSEEN.test(text)
    ? `$'${text.replace(/['\\]|[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, octal)}'`
    : `'${text.replace(/['\\]/g, (character) => `'\\${character}'`)}'`

/** What cmd or PowerShell reads within double quotes: variables, escapes, and every sign that ends them. */
const OBEYED = /["\u201c-\u201e%!$`]|[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

/**
 * The two shells of Windows have double quotes in common, and no way to take these characters there as they are.
 * Each becomes U+FFFD: such a word names something that is not there, and the command does nothing.
 */
const windowsWord = (text: string): string =>
  `"${text.replace(OBEYED, '\ufffd').replace(/\\+$/, '$&$&')}"`

/**
 * A text as one word of a command that people paste into a shell: sh, bash, zsh and fish, or on Windows cmd and
 * PowerShell. Whatever the text holds, no shell obeys any of it.
 */
export const shellWord = (text: string, platform: NodeJS.Platform = process.platform): string => {
  if (PLAIN.test(text)) return text
  return platform === 'win32' ? windowsWord(text) : posixWord(text)
}
