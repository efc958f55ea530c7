const linesOf = (text: string): string[] => text.split('\n').slice(0, -1)

/** Cut off in the middle of the last line, as by a crash in an append. */
export const tornTail = (text: string): string => {
  const last = linesOf(text).at(-1) ?? ''
  return text.slice(0, text.length - 1 - Math.ceil(last.length / 2))
}

/** The last append never reached the disk, only its length did: zeros, as after a power loss. */
export const nulTail = (text: string): string => {
  const last = `${linesOf(text).at(-1) ?? ''}\n`
  return text.slice(0, text.length - last.length) + '\0'.repeat(last.length)
}

/** Merged, with both sides of the last line left to be chosen from. */
export const conflictMarkers = (text: string): string => {
  const last = linesOf(text).at(-1) ?? ''
  const before = text.slice(0, text.length - last.length - 1)
  return `${before}<<<<<<< HEAD\n${last}\n=======\n${last.replace('done', 'failed')}\n>>>>>>> other\n`
}

/** Saved by an editor that puts a byte-order mark in front. */
export const byteOrderMark = (text: string): string => `\uFEFF${text}`

/** Every line ending as on Windows. */
export const crlf = (text: string): string => text.replaceAll('\n', '\r\n')

/** A byte that is no UTF-8 inside the first string of the last line. */
export const invalidUtf8 = (text: string): Uint8Array => {
  const bytes = Buffer.from(text)
  bytes[bytes.lastIndexOf('"completed"') + 1] = 0xff
  return bytes
}

/** Everything that can be wrong with a file's bytes, by name. */
export const DAMAGE: Readonly<Record<string, (text: string) => string | Uint8Array>> = {
  'a torn tail': tornTail,
  'a tail of zeros': nulTail,
  'conflict markers': conflictMarkers,
  'a byte-order mark': byteOrderMark,
  'Windows line endings': crlf,
  'invalid UTF-8': invalidUtf8,
}
