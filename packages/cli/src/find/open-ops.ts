import type { OpId } from '@kitty/record'
import type { OpSummary, Ops } from '@kitty/writer'
import { isMissing } from '../command/errors.js'

/** Whether an Op has no record. An unreadable record counts as a record. */
const isGone = (ops: Ops, id: OpId): Promise<boolean> => ops.read(id).then(() => false, isMissing)

/** An Op whose record is gone from disk, as after `git stash -u`, and whose start note can rebuild it. */
export const opOfNote = async (ops: Ops, id: OpId): Promise<OpSummary | undefined> => {
  const { line, left } = (await ops.startNote(id)) ?? {}
  if (line === undefined || !(await isGone(ops, id))) return undefined
  const { opFileOf, recordPath, summaryOf } = await import('@kitty/writer/internals')
  const file = opFileOf(ops.root, id, { bytes: Buffer.from(line), path: recordPath(id) })
  const summary = summaryOf(file)
  return summary?.status === 'open' && left ? { ...summary, left: true } : summary
}

/** The ids of the Ops that have a start note in this work tree, newest first. */
export const startNoteIds = async (root: string): Promise<readonly OpId[]> => {
  const { listStartNotes, olderStatesOf, stateDirOf } = await import('@kitty/writer/internals')
  const state = await stateDirOf(root)
  const folders = [state, ...olderStatesOf(root, state)]
  const ids = await Promise.all(folders.map(({ dir }) => listStartNotes(dir)))
  return [...new Set(ids.flat())].toSorted().toReversed()
}

/** Every open Op of this work tree, newest first, including those whose record is gone from disk. */
export const listOpenOps = async (ops: Ops): Promise<readonly OpSummary[]> => {
  const open = await ops.list({ status: 'open' })
  const known = new Set(open.map(({ invocation_id }) => invocation_id))
  const closing = new Set((await ops.pending()).map(({ id }) => id))
  const gone: OpSummary[] = []
  for (const id of await startNoteIds(ops.root)) {
    if (known.has(id) || closing.has(id)) continue
    const op = await opOfNote(ops, id)
    if (op?.status === 'open') gone.push(op)
  }
  return [...open, ...gone].toSorted((a, b) => (a.invocation_id < b.invocation_id ? 1 : -1))
}
