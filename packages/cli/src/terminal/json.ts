/** JSON.stringify writes C0 out; these a terminal might obey as well. They occur in strings only. */
const UNSAFE = /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

const writtenOut = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** One JSON document and a line feed: on one line for programs, indented for eyes. */
export const toJson = (value: unknown, indented: boolean): string => {
  const text = JSON.stringify(value, undefined, indented ? 2 : undefined)
  return `${text.replace(UNSAFE, writtenOut)}\n`
}
