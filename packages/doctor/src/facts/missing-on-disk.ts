import { basename } from 'node:path/posix'
import type { OpId } from '@kitty/record'
import { opIdOfName, readRecord, recordPath } from '@kitty/writer/internals'
import type { CheckContext } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import { memoized } from '../check/memo.js'
import { indexedAt } from './git-index.js'
import { headOf, type InHead } from './head.js'
import { placesOf } from './record-pass.js'

/** A record that is in HEAD and not on disk, neither hot nor archived. */
export type MissingRecordOnDisk = InHead & {
  readonly id: OpId
  /** Whether a sparse checkout keeps it off the disk, which is fine. */
  readonly skipWorktree: boolean
}

const CONCURRENCY = 32

const recordsIn = (
  head: ReadonlyMap<string, string> = new Map(),
  isWanted: (id: OpId) => boolean,
): ReadonlyMap<OpId, InHead> => {
  const records = new Map<OpId, InHead>()
  for (const [path, blob] of head) {
    const id = opIdOfName(basename(path))
    if (id === undefined || !isWanted(id)) continue
    if (path === recordPath(id) || !records.has(id)) records.set(id, { path, blob })
  }
  return records
}

/** Every record in HEAD, by Op; if an Op has two, the hot one. */
export const headById = memoized(async (context) => recordsIn(await headOf(context), () => true))

const withoutFile = async (context: CheckContext): Promise<readonly (InHead & { id: OpId })[]> => {
  const onDisk = new Set((await placesOf(context)).map(({ id }) => id))
  const gone = recordsIn(await headOf(context), (id) => !onDisk.has(id))
  // It may have been restored during the run. A file that cannot be read exists, too.
  const places = [...gone].map(([id, place]) => ({ id, ...place }))
  const files = await mapConcurrent(places, CONCURRENCY, ({ id }) =>
    readRecord(context.ops.root, id).catch(() => 'something' as const),
  )
  return places.filter((_, number) => files[number] === undefined)
}

/** Every record that is in HEAD and has no file. Empty outside git. */
export const missingOnDisk = memoized(async (context): Promise<readonly MissingRecordOnDisk[]> => {
  const gone = await withoutFile(context)
  const index = await indexedAt(
    context,
    gone.map(({ path }) => path),
  )
  return gone.map((op) => ({ ...op, skipWorktree: index.get(op.path)?.skipWorktree ?? false }))
})
