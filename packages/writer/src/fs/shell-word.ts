const PLAIN = /^[\w/.:+-][\w/.:@+-]*$/

/** Characters that a terminal does not show: control characters, line separators, text direction controls. */
const INVISIBLE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u

const octal = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')

/**
 * Single quotes turn off all expansion; backslashes go outside, because fish interprets them inside. Invisible
 * characters are written in octal, which bash and zsh decode; in other shells the word then matches nothing.
 */
const posixWord = (text: string): string =>
  INVISIBLE.test(text)
    ? `$'${text.replace(/['\\]|[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, octal)}'`
    : `'${text.replace(/['\\]/g, (character) => `'\\${character}'`)}'`

/** What cmd or PowerShell interprets inside double quotes: variables, escapes, and closing quotes. */
const INTERPRETED = /["\u201c-\u201e%!$`]|[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

/**
 * Double quotes work in both Windows shells, but the two share no escape for these characters. Each becomes
 * U+FFFD: the word then matches nothing, and the command does nothing.
 */
const windowsWord = (text: string): string =>
  `"${text.replace(INTERPRETED, '\ufffd').replace(/\\+$/, '$&$&')}"`

/**
 * Quotes a text as one word of a command that is safe to paste into a shell: sh, bash, zsh and fish, or on Windows
 * cmd and PowerShell. Whatever the text contains, no shell interprets any of it.
 */
export const shellWord = (text: string, platform: NodeJS.Platform = process.platform): string => {
  if (PLAIN.test(text)) return text
  return platform === 'win32' ? windowsWord(text) : posixWord(text)
}
