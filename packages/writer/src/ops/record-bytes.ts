const LINE_FEED = 0x0a

/** Whether bytes begin with these. */
export const startsWith = (bytes: Buffer, beginning: Uint8Array): boolean =>
  bytes.subarray(0, beginning.length).equals(beginning)

const startsALine = (bytes: Buffer, at: number): boolean => at === 0 || bytes[at - 1] === LINE_FEED

/**
 * Where an earlier append of these lines began: the first line start from which the file holds a
 * beginning of them and nothing else. `undefined` when the file ends in something else, torn.
 */
const beginningOf = (current: Buffer, lines: Buffer): number | undefined => {
  for (let at = Math.max(0, current.length - lines.length); at <= current.length; at += 1) {
    const rest = current.subarray(at)
    if (startsALine(current, at) && startsWith(lines, rest)) return at
  }
  return undefined
}

/**
 * The bytes that, appended to a file, make it end with these lines. A torn tail is ended first; of an
 * append of the very same lines that was cut off, only what is missing is added, so that it can be
 * repeated after a crash. Empty when the file ends with the lines already. Pure.
 */
export const closingBytes = (current: Buffer, lines: string): Buffer => {
  const wanted = Buffer.from(lines)
  const begun = beginningOf(current, wanted)
  if (begun === undefined) return Buffer.concat([Buffer.of(LINE_FEED), wanted])
  return wanted.subarray(current.length - begun)
}
