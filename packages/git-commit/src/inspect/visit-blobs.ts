import type { BatchReader, ObjectHeader } from '../objects/cat-file.js'
import { readSound } from '../objects/read-sound.js'

/** A record is never larger, in bytes. */
export const LARGEST = 8 * 1024 ** 2

/** About as many bytes are in memory at once: a hostile ledger has many large files. */
const AT_ONCE = 4 * LARGEST

/** Splits objects so that each part fits into memory. */
const partsOf = (headers: readonly ObjectHeader[]): readonly (readonly string[])[] => {
  const parts: string[][] = []
  let room = 0
  for (const { id, size } of headers) {
    if (room < size || parts.length === 0) {
      parts.push([])
      room = AT_ONCE
    }
    parts.at(-1)?.push(id)
    room -= size
  }
  return parts
}

/**
 * Reads blobs that this clone has and that can be read, a part at a time. Those that are larger than a record can be are
 * not read.
 */
export const visitBlobs = async (
  reader: BatchReader,
  wanted: Iterable<string>,
  visit: (id: string, bytes: Buffer | 'too large') => void,
): Promise<void> => {
  const headers = await readSound([...new Set(wanted)].filter(Boolean), reader.headers)
  const blobs = [...headers.values()].filter(({ type }) => type === 'blob')
  for (const { id, size } of blobs) if (size > LARGEST) visit(id, 'too large')
  for (const part of partsOf(blobs.filter(({ size }) => size <= LARGEST))) {
    const objects = await readSound(part, reader.objects)
    for (const [id, { bytes }] of objects) visit(id, bytes)
  }
}
