import { basename } from 'node:path/posix'
import type { OpId } from '@kitty/record'
import { opIdOfName, readRecord, recordPath } from '@kitty/writer'
import type { Examination } from '../check/check.js'
import { inParallel } from '../check/concurrency.js'
import { sharedFact } from '../check/memo.js'
import { indexedAt } from './git-index.js'
import { headOf, type InHead } from './head.js'
import { placesOf } from './record-pass.js'

/** A record that HEAD has and the disk has not, neither hot nor archived. */
export type GoneFromDisk = InHead & {
  readonly id: OpId
  /** Whether a sparse checkout keeps it off the disk, so that all is well. */
  readonly keptOff: boolean
}

const AT_ONCE = 32

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

/** Every record of HEAD, by Op; the hot one of an Op that has two. For who needs all of them. */
export const headById = sharedFact(async (at) => recordsIn(await headOf(at), () => true))

const withoutFile = async (at: Examination): Promise<readonly (InHead & { id: OpId })[]> => {
  const onDisk = new Set((await placesOf(at)).map(({ id }) => id))
  const gone = recordsIn(await headOf(at), (id) => !onDisk.has(id))
  // One that came in while we looked is there. What cannot be read is there too.
  const places = [...gone].map(([id, place]) => ({ id, ...place }))
  const files = await inParallel(places, AT_ONCE, ({ id }) =>
    readRecord(at.ops.root, id).catch(() => 'something' as const),
  )
  return places.filter((_, number) => files[number] === undefined)
}

/** Every record that is in HEAD and has no file. None outside git. */
export const goneFromDisk = sharedFact(async (at): Promise<readonly GoneFromDisk[]> => {
  const gone = await withoutFile(at)
  const index = await indexedAt(
    at,
    gone.map(({ path }) => path),
  )
  return gone.map((op) => ({ ...op, keptOff: index.get(op.path)?.skipWorktree ?? false }))
})
