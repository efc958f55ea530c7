import { type ObjectHeader, readObjectHeaders, readObjects } from '../objects/cat-file.js'
import type { HistoryRange } from './find-history.js'

// Enough that starting git is cheap, little enough to hold in memory.
const AT_ONCE = 5_000
const BYTES_AT_ONCE = 16 * 1024 * 1024

/** Splits blobs into parts of at most `BYTES_AT_ONCE` bytes; a larger blob is a part of its own. */
const parts = (blobs: Iterable<ObjectHeader>): string[][] => {
  const all: string[][] = []
  let room = 0
  for (const { id, size } of blobs) {
    if (all.length === 0 || size > room) {
      all.push([])
      room = BYTES_AT_ONCE
    }
    all.at(-1)?.push(id)
    room -= size
  }
  return all
}

/**
 * Yields the contents of blobs, one after the other, also without a work tree. Leaves out blobs that are not in
 * this clone; fetches nothing.
 *
 * @throws KittyError `GIT_FAILED` if one is damaged, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export async function* blobsOf(
  { cwd }: HistoryRange,
  ids: readonly string[],
): AsyncGenerator<{ readonly id: string; readonly bytes: Buffer }> {
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const headers = await readObjectHeaders(cwd, ids.slice(from, from + AT_ONCE))
    const blobs = [...headers.values()].filter(({ type }) => type === 'blob')
    for (const part of parts(blobs)) {
      for (const { id, bytes } of (await readObjects(cwd, part)).values()) yield { id, bytes }
    }
  }
}
