import type { OpId } from '@kitty/record'
import { appendWhole } from '../fs/durable-file.js'
import { hasCode } from '../fs/errors.js'
import { toAbsolute } from '../project/paths.js'
import { createRecord, type OpFile, readRecord } from '../records/record-file.js'
import { readStarted } from '../state/start-notes.js'
import { notFound } from './errors.js'
import type { OpsContext } from './ops-options.js'
import { startsWith } from './record-bytes.js'

/** A record, and whether it had to be written anew. */
export type FoundRecord = { readonly file: OpFile; readonly rebuilt: boolean }

const rebuild = async (ops: OpsContext, id: OpId): Promise<boolean> => {
  const note = await readStarted(ops.state, id)
  if (note === undefined) return false
  await createRecord(ops.root, id, note.line, ops.durability).catch((error: unknown) => {
    // Another closer was faster, with the same line.
    if (!hasCode(error, 'ALREADY_EXISTS')) throw error
  })
  return true
}

/**
 * Writes what a start that was cut off had not written yet. Several may want to, so it takes turns; an opener
 * that still lives puts the same bytes in the same place.
 */
const finishStart = (ops: OpsContext, id: OpId): Promise<void> =>
  ops.queue.alone(async () => {
    const [file, note] = [await readRecord(ops.root, id), await readStarted(ops.state, id)]
    const line = Buffer.from(note?.line ?? '')
    if (file === undefined || !startsWith(line, file.bytes)) return
    const rest = line.subarray(file.bytes.length)
    await appendWhole(toAbsolute(ops.root, file.path), rest, ops.durability)
  })

/**
 * The record, rebuilt where `git stash -u`, `git clean` or another branch took it away, and whole where a
 * crash cut off its start.
 */
export const findRecord = async (ops: OpsContext, id: OpId): Promise<FoundRecord> => {
  const found = await readRecord(ops.root, id)
  if (found?.record.started !== undefined) return { file: found, rebuilt: false }
  const rebuilt = found === undefined && (await rebuild(ops, id))
  if (found !== undefined) await finishStart(ops, id)
  const file = await readRecord(ops.root, id)
  if (file === undefined) throw notFound(id)
  return { file, rebuilt }
}
