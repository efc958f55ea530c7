import { basename } from 'node:path/posix'
import type { OpId } from '@kitty/record'
import { opIdOfName, readRecord, recordPath } from '@kitty/writer'
import type { Examination } from '../check.js'
import { inParallel } from '../in-parallel.js'
import { sharedFact } from '../shared-fact.js'
import { placesOf } from './each-record.js'
import { headOf, type InHead } from './head.js'
import { indexOf } from './in-index.js'

/** A record that HEAD has and the disk has not, neither hot nor archived. */
export type GoneFromDisk = InHead & {
  readonly id: OpId
  /** Whether a sparse checkout keeps it off the disk, so that all is well. */
  readonly keptOff: boolean
}

const AT_ONCE = 32

/** Every record of HEAD, by Op; the hot one of an Op that has two. */
export const headById = sharedFact(async (at): Promise<ReadonlyMap<OpId, InHead>> => {
  const records = new Map<OpId, InHead>()
  for (const [path, blob] of (await headOf(at)) ?? []) {
    const id = opIdOfName(basename(path))
    if (id !== undefined && (path === recordPath(id) || !records.has(id))) {
      records.set(id, { path, blob })
    }
  }
  return records
})

const withoutFile = async (at: Examination): Promise<readonly (InHead & { id: OpId })[]> => {
  const onDisk = new Set((await placesOf(at)).map(({ id }) => id))
  const inHead = [...(await headById(at))].map(([id, place]) => ({ id, ...place }))
  const gone = inHead.filter(({ id }) => !onDisk.has(id))
  // One that came in while we looked is there. What cannot be read is there too.
  const files = await inParallel(gone, AT_ONCE, ({ id }) =>
    readRecord(at.ops.root, id).catch(() => 'something' as const),
  )
  return gone.filter((_, number) => files[number] === undefined)
}

/** Every record that is in HEAD and has no file. None outside git. */
export const goneFromDisk = sharedFact(async (at): Promise<readonly GoneFromDisk[]> => {
  const gone = await withoutFile(at)
  const index = gone.length === 0 ? undefined : await indexOf(at)
  return gone.map((op) => ({ ...op, keptOff: index?.get(op.path)?.keptOff ?? false }))
})
