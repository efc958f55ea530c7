import { startsWith } from '../ops/record-bytes.js'

const ENCODINGS: readonly (readonly [mark: Buffer, encoding: string])[] = [
  [Buffer.from([0xff, 0xfe]), 'utf-16le'],
  [Buffer.from([0xfe, 0xff]), 'utf-16be'],
]

// What git looks at to tell text from binary.
const LOOKED_AT = 8000

/** The text in a file; `undefined` when the file is binary by git's rule, a NUL byte near its start. */
export const textOf = (bytes: Buffer): string | undefined => {
  const marked = ENCODINGS.find(([mark]) => startsWith(bytes, mark))
  if (marked !== undefined) return new TextDecoder(marked[1]).decode(bytes)
  return bytes.subarray(0, LOOKED_AT).includes(0) ? undefined : bytes.toString()
}
