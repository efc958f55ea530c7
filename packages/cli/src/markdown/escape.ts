// Text of a record in Markdown that GitHub and GitLab render. It must stay text there: no markup, no HTML, no link, no
// image, no mention that notifies a person, no reference to an issue.
//
//   - All of it is in `<code>` or `<pre>`, whose text neither host searches for mentions, references and addresses.
//   - Each character that could be markup is a character reference, which is text to Markdown and to HTML.
//   - It is on one line, so that the block of HTML that it is in goes on: only a blank line ends that.

/** Letters, digits, spaces and a few signs that are markup nowhere. */
const PLAIN = /[^\p{L}\p{N}\p{M}\p{S} ,;?]|[\p{Sm}\p{Sc}\p{Sk}]/gu

/** Characters that are invisible or change the direction of text. */
const UNSEEN = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu

const reference = (char: string): string => `&#${char.codePointAt(0)};`

const visible = (char: string): string => `\\u{${char.codePointAt(0)?.toString(16)}}`

/** Half a surrogate pair is no text; it cannot be written as UTF-8. */
const wellFormed = (text: string): string => text.replaceAll(/\p{Cs}/gu, '\ufffd')

const escaped = (text: string): string =>
  wellFormed(text).replaceAll(UNSEEN, visible).replaceAll(PLAIN, reference)

/** A text on one line. */
export const inlineCode = (text: string): string =>
  `<code>${escaped(text.replaceAll(/\s+/g, ' ').trim())}</code>`

/** A text of several lines. */
export const codeBlock = (text: string): string => {
  const lines = text.replaceAll(/\r\n?/g, '\n').replaceAll('\t', '    ').split('\n')
  return `<pre>${lines.map(escaped).join('&#10;')}</pre>`
}

/** Cuts a text, and says how much of it is left out. */
export const cutTo = (text: string, most: number): string => {
  if (text.length <= most) return text
  const kept = text.slice(0, most).replace(/[\ud800-\udbff]$/, '')
  return `${kept} … (${text.length - kept.length} more characters are in the record)`
}
