// Reads single settings from the text of a git configuration file, without running git. Files that it includes are not
// read.

const SECTION = /^\s*\[\s*([^\]\s"]*)\s*(?:"(?:[^"\\]|\\.)*"\s*)?\]/
const KEY = /^\s*([a-z][a-z0-9-]*)\s*(?:=(.*)|[#;].*|)$/is

const ESCAPED = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['b', '\b'],
])

/** The value as git reads it: without quotation marks, comments, and white space around it. */
const unquoted = (written: string): string => {
  let value = ''
  let isQuoted = false
  let trimTo = 0
  for (let at = 0; at < written.length; at += 1) {
    const character = written.charAt(at)
    if (character === '"') isQuoted = !isQuoted
    else if (!isQuoted && (character === '#' || character === ';')) break
    else if (character === '\\') {
      at += 1
      const escaped = written.charAt(at)
      value += ESCAPED.get(escaped) ?? escaped
      trimTo = value.length
    } else if (isQuoted || character.trim() !== '') {
      value += character
      trimTo = value.length
    } else if (value !== '') value += character
  }
  return value.slice(0, trimTo)
}

/**
 * Returns the last value of a setting in the text of a configuration file: `true` for a key without a value, `undefined`
 * if it is not set. `section` and `name` are lower case; the section has no subsection.
 */
export const settingIn = (text: string, section: string, name: string): string | undefined => {
  let isSection = false
  let found: string | undefined
  for (const line of text.replace(/\\\r?\n/g, '').split(/\r?\n/)) {
    const header = SECTION.exec(line)
    if (header !== null)
      isSection = header[1]?.toLowerCase() === section && !header[0].includes('"')
    const [, key, value] = KEY.exec(header === null ? line : line.slice(header[0].length)) ?? []
    if (isSection && key?.toLowerCase() === name)
      found = value === undefined ? 'true' : unquoted(value)
  }
  return found
}

/** Whether git takes a value as true. */
export const isTrue = (value: string | undefined): boolean =>
  value !== undefined && (/^(?:true|yes|on)$/i.test(value) || /^-?0*[1-9]/.test(value))
