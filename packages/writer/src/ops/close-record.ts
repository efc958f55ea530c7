import type { OpId } from '@kitty/record'
import { cutBack } from '../fs/cut-back.js'
import { appendWhole } from '../fs/durable-file.js'
import { hasCode } from '../fs/errors.js'
import { toAbsolute } from '../project/paths.js'
import { type OpFile, readRecord } from '../records/record-file.js'
import { createMark, type Mark, removeMark, syncMark, updateMark } from '../state/intent-store.js'
import type { OpsContext } from './ops-options.js'

/** Appends the close; false when the record is no longer what the lines were made for. */
const append = async (ops: OpsContext, file: OpFile, mark: Mark): Promise<boolean> => {
  const now = await readRecord(ops.root, mark.invocation_id)
  if (now?.bytes.equals(file.bytes) !== true || now.path !== file.path) return false
  const path = toAbsolute(ops.root, file.path)
  try {
    await appendWhole(path, mark.bytes.subarray(file.bytes.length), ops.durability)
    return true
  } catch (error) {
    // Gone since it was read just now, as after `git clean`: it is looked for, and rebuilt, once more.
    if (hasCode(error, 'NOT_FOUND')) return false
    await cutBack(path, file.bytes.length, mark.bytes.length)
    throw error
  }
}

const isClosed = async (ops: OpsContext, mark: Mark): Promise<boolean> => {
  const now = await readRecord(ops.root, mark.invocation_id).catch(() => undefined)
  return now?.bytes.equals(mark.bytes) === true
}

/** After a failed append: a mark may stay only where the record is closed, and then it is nobody's. */
const letGo = async (ops: OpsContext, id: OpId, mark: Mark): Promise<void> => {
  if (await isClosed(ops, mark)) await updateMark(ops.state, { ...mark, owner: '' })
  else await removeMark(ops.state, id)
}

/** Appends while the mark goes to the platter: only when both are there does anybody hear of the close. */
const appendAndSync = async (ops: OpsContext, file: OpFile, mark: Mark): Promise<boolean> => {
  const [appended, synced] = await Promise.allSettled([
    append(ops, file, mark),
    syncMark(ops.state, mark),
  ])
  if (appended.status === 'rejected') throw appended.reason
  if (synced.status === 'rejected') throw synced.reason
  return appended.value
}

/**
 * Makes the mark and closes the record under it. False when somebody else has a mark, or the record
 * changed meanwhile: the Op is as it was before then, and after a throw too, unless the disk took the close
 * and then failed to confirm it.
 */
export const closeRecord = async (ops: OpsContext, file: OpFile, mark: Mark): Promise<boolean> => {
  const id = mark.invocation_id
  if (!(await createMark(ops.state, mark))) return false
  ops.queue.marked(id)
  try {
    const closed = await appendAndSync(ops, file, mark)
    if (!closed) await removeMark(ops.state, id)
    return closed
  } catch (error) {
    await letGo(ops, id, mark)
    throw error
  }
}
