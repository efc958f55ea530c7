import { filesInIndex, type IndexedFile } from '@kitty/git-commit'
import type { OpId } from '@kitty/record'
import { readRecord } from '@kitty/writer'
import type { Examination } from '../check.js'
import { inParallel } from '../in-parallel.js'
import { sharedFact } from '../shared-fact.js'
import { headById } from './gone-from-disk.js'
import { headOf, type InHead, statusesInHead } from './head.js'
import { indexOf } from './in-index.js'
import { openOps } from './open-ops.js'

/** A record that the next commit would change in a way that no Op commit does. */
export type StagedRecord = {
  readonly id: OpId
  readonly path: string
  /** What is staged. */
  readonly blob: string
  /** What HEAD has in this place, if anything. */
  readonly inHead: string | undefined
}

const AT_ONCE = 32

const byPath = (files: readonly IndexedFile[] = []): ReadonlyMap<string, string> =>
  new Map(files.map(({ path, blob }) => [path, blob]))

/** Whether an Op is still open: while it is, nobody can have staged its close. */
export const isStillOpen = async ({ ops }: Examination, id: OpId): Promise<boolean> =>
  (await readRecord(ops.root, id))?.record.status === 'open'

/** Open Ops whose record is staged. */
export const stagedOpenOps = sharedFact(async (at): Promise<readonly StagedRecord[]> => {
  const [open, index, head] = await Promise.all([openOps(at), indexOf(at), headOf(at)])
  const staged = open.flatMap(({ id, path = '' }): readonly StagedRecord[] => {
    const [blob, inHead] = [index?.get(path)?.blob, head?.get(path)]
    return blob === undefined || blob === inHead ? [] : [{ id, path, blob, inHead }]
  })
  const stillOpen = await inParallel(staged, AT_ONCE, ({ id }) => isStillOpen(at, id))
  return staged.filter((_, number) => stillOpen[number])
})

/** Records that HEAD has as closed and of which something else is staged. */
export const stagedChanges = sharedFact(async (at): Promise<readonly StagedRecord[]> => {
  const [index, head] = await Promise.all([indexOf(at), headById(at)])
  const differs = ([, { path, blob }]: readonly [OpId, InHead]): boolean =>
    (index?.get(path)?.blob ?? blob) !== blob
  const wanted = [...head].filter(differs).map(([id, place]) => ({ id, ...place }))
  if (wanted.length === 0) return []
  const statuses = await statusesInHead(at, wanted)
  const now = byPath(await filesInIndex(at.ops.root))
  return wanted.flatMap(({ id, path, blob }) => {
    const staged = now.get(path) ?? blob
    const isChange = statuses.get(blob) === 'closed' && staged !== blob
    return isChange ? [{ id, path, blob: staged, inHead: blob }] : []
  })
})
