/** Control characters that a terminal could obey and `JSON.stringify` does not escape. They occur only in strings. */
const UNSAFE = /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

const escaped = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** One JSON document with a line feed: on one line for programs, indented for people. */
export const toJson = (value: unknown, indented: boolean): string => {
  const text = JSON.stringify(value, undefined, indented ? 2 : undefined)
  return `${text.replace(UNSAFE, escaped)}\n`
}
