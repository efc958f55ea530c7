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
  head: ReadonlyMap<string, string>,
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
export const headById = memoized(async (context) =>
  recordsIn((await headOf(context)) ?? new Map<string, string>(), () => true),
)

/** The records on disk that HEAD does not have at the same path. All of them outside git. */
export const notInHead = memoized(async (context) => {
  const [places, head] = await Promise.all([placesOf(context), headOf(context)])
  return places.filter(({ path }) => head?.has(path) !== true)
})

const withoutFile = async (context: CheckContext): Promise<readonly (InHead & { id: OpId })[]> => {
  const [records, others, head] = await Promise.all([
    placesOf(context),
    notInHead(context),
    headOf(context),
  ])
  // As usual, HEAD has no other records than those on disk.
  if (head === undefined || head.size === records.length - others.length) return []
  const onDisk = new Set(records.map(({ id }) => id))
  const gone = recordsIn(head, (id) => !onDisk.has(id))
  // It may have been restored during the run. A file that cannot be read exists, too.
  const places = [...gone].map(([id, place]) => ({ id, ...place }))
  const isGone = await mapConcurrent(places, CONCURRENCY, ({ id }) =>
    readRecord(context.ops.root, id).then(
      (file) => file === undefined,
      () => false,
    ),
  )
  return places.filter((_, number) => isGone[number])
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
