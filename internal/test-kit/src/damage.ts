const linesOf = (text: string): string[] => text.split('\n').slice(0, -1)

/** Cuts off half of the last line, as a crash during an append does. */
export const tornTail = (text: string): string => {
  const last = linesOf(text).at(-1) ?? ''
  return text.slice(0, text.length - 1 - Math.ceil(last.length / 2))
}

/** Replaces the last line with zeros, as a power loss does if only the new length reached the disk. */
export const nulTail = (text: string): string => {
  const last = `${linesOf(text).at(-1) ?? ''}\n`
  return text.slice(0, text.length - last.length) + '\0'.repeat(last.length)
}

/** Adds conflict markers around two versions of the last line, as a merge does. */
export const conflictMarkers = (text: string): string => {
  const last = linesOf(text).at(-1) ?? ''
  const before = text.slice(0, text.length - last.length - 1)
  return `${before}<<<<<<< HEAD\n${last}\n=======\n${last.replace('done', 'failed')}\n>>>>>>> other\n`
}

/** Adds a byte-order mark at the beginning, as some editors do. */
export const byteOrderMark = (text: string): string => `\uFEFF${text}`

/** Replaces line endings with those of Windows. */
export const crlf = (text: string): string => text.replaceAll('\n', '\r\n')

/** Puts a byte that is not valid UTF-8 into the first value of the `completed` line. */
export const invalidUtf8 = (text: string): Uint8Array => {
  const bytes = Buffer.from(text)
  bytes[bytes.lastIndexOf('"completed"') + 1] = 0xff
  return bytes
}

/** Every kind of damage to a file's bytes, by name. */
export const DAMAGE: Readonly<Record<string, (text: string) => string | Uint8Array>> = {
  'a torn tail': tornTail,
  'a tail of zeros': nulTail,
  'conflict markers': conflictMarkers,
  'a byte-order mark': byteOrderMark,
  'Windows line endings': crlf,
  'invalid UTF-8': invalidUtf8,
}
