import { basename } from 'node:path/posix'
import type { OpId } from '@kitty/record'
import { opIdOfName, readRecord } from '@kitty/writer/internals'
import type { CheckContext } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import { memoized } from '../check/memo.js'
import { stagedOf } from './git-index.js'
import { headOf, placesInHead, statusesInHead } from './head.js'
import { openOps } from './open-ops.js'

/** A record that the next commit would change as no Op commit does. */
export type StagedRecord = {
  readonly id: OpId
  readonly path: string
  /** The staged blob. */
  readonly blob: string
  /** The blob at this path in HEAD, if any. */
  readonly inHead: string | undefined
}

const CONCURRENCY = 32

/** Whether an Op is still open: then what is staged cannot be its close. */
export const isStillOpen = async ({ ops }: CheckContext, id: OpId): Promise<boolean> =>
  (await readRecord(ops.root, id))?.record.status === 'open'

/** Open Ops whose record is staged. */
export const stagedOpenOps = memoized(async (context): Promise<readonly StagedRecord[]> => {
  const [open, staged] = await Promise.all([openOps(context), stagedOf(context)])
  const found = open.flatMap(({ id, path = '' }): readonly StagedRecord[] => {
    const { before, after } = staged?.get(path) ?? {}
    return after === undefined ? [] : [{ id, path, blob: after, inHead: before }]
  })
  const stillOpen = await mapConcurrent(found, CONCURRENCY, ({ id }) => isStillOpen(context, id))
  return found.filter((_, number) => stillOpen[number])
})

const idOf = (path: string): OpId | undefined => opIdOfName(basename(path))

/** Records that HEAD has as closed and of which another version is staged. */
export const stagedChanges = memoized(async (context): Promise<readonly StagedRecord[]> => {
  const changed = [...((await stagedOf(context))?.values() ?? [])].flatMap(
    ({ path, before, after }) => {
      const id = idOf(path)
      if (id === undefined || before === undefined || after === undefined) return []
      return [{ id, path, blob: after, inHead: before }]
    },
  )
  const statuses = await statusesInHead(
    context,
    changed.map(({ id, path, inHead }) => ({ id, path, blob: inHead })),
  )
  return changed.filter(({ inHead }) => statuses.get(inHead) === 'closed')
})

/** Records that are in HEAD and nowhere in the index; a record that moved is in the index. */
export const stagedDeletions = memoized(async (context) => {
  const [head, staged] = await Promise.all([headOf(context), stagedOf(context)])
  const files = [...(staged?.values() ?? [])]
  const added = new Set(files.flatMap(({ path, after }) => (after && idOf(path)) ?? []))
  const gone = files.flatMap(({ path, after }) => {
    const id = after === undefined ? idOf(path) : undefined
    return id === undefined || added.has(id) ? [] : [{ id, path }]
  })
  const isStaged = ({ path }: { readonly path: string }): boolean => staged?.has(path) === true
  return gone.filter(({ id }) =>
    placesInHead(head ?? new Map<string, string>(), id).every(isStaged),
  )
})
