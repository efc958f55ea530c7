import type { RecordPlace } from './op-ids.js'
import { type OpFile, readRecordAt } from './op-store.js'

// Enough to keep the disk busy, few enough to stop soon and to stay far from any limit of open files.
const AT_ONCE = 16

/**
 * Reads records in the order of their places, and only as far as somebody asks. One that is gone
 * meanwhile, or that cannot be read as a file, is left out: no single file may spoil a listing.
 */
export async function* readNewestFirst(
  root: string,
  places: readonly RecordPlace[],
): AsyncGenerator<OpFile> {
  for (let at = 0; at < places.length; at += AT_ONCE) {
    const group = places.slice(at, at + AT_ONCE)
    const files = await Promise.all(
      group.map(({ id, path }) => readRecordAt(root, id, path).catch(() => undefined)),
    )
    yield* files.filter((file) => file !== undefined)
  }
}
