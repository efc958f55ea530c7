import { type ObjectHeader, readObjectHeaders, readObjects } from '../objects/cat-file.js'
import type { HistoryRange } from './history.js'

// Enough to make starting git cheap, little enough to hold in memory.
const AT_ONCE = 5_000
const BYTES_AT_ONCE = 16 * 1024 * 1024

/** Parts that each hold so many bytes, or a single blob that is larger. */
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
 * The contents of blobs, one after the other, also where there is no work tree. One that is not in this
 * clone is left out; nothing is fetched.
 *
 * @throws KittyError `GIT_FAILED` where one is damaged, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
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
