import { setImmediate } from 'node:timers/promises'
import { type OpFile, type RecordPlace, tryReadRecordAt } from './record-file.js'

// Reading blocks, a file at a time; after so many files, everybody else gets a turn.
const IN_A_ROW = 32

/**
 * Reads records in the order of their places, and only as far as somebody asks. One that is gone
 * meanwhile, or that cannot be read as a file, is left out: no single file may spoil a listing.
 */
export async function* readInOrder(
  root: string,
  places: Iterable<RecordPlace> | AsyncIterable<RecordPlace>,
): AsyncGenerator<OpFile> {
  let number = 0
  for await (const place of places) {
    number += 1
    if (number % IN_A_ROW === 0) await setImmediate()
    const file = tryReadRecordAt(root, place)
    if (file !== undefined) yield file
  }
}
