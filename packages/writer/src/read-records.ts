import { setImmediate } from 'node:timers/promises'
import { type OpFile, type RecordPlace, tryReadRecordAt } from './op-store.js'

// Reading blocks, a file at a time; after so many files, everybody else gets a turn.
const IN_A_ROW = 32

/**
 * Reads records in the order of their places, and only as far as somebody asks. One that is gone
 * meanwhile, or that cannot be read as a file, is left out: no single file may spoil a listing.
 */
export async function* readInOrder(
  root: string,
  places: readonly RecordPlace[],
): AsyncGenerator<OpFile> {
  for (const [number, place] of places.entries()) {
    if (number % IN_A_ROW === IN_A_ROW - 1) await setImmediate()
    const file = tryReadRecordAt(root, place)
    if (file !== undefined) yield file
  }
}
