import type { OpId } from '@kitty/record'
import { notFound } from './close-errors.js'
import { createRecord, type OpFile, readRecord } from './op-store.js'
import type { OpsContext } from './ops-options.js'
import { hasCode } from './os-error.js'
import { readStarted } from './started-notes.js'

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

/** The record, rebuilt where `git stash -u`, `git clean` or another branch took it away. */
export const findRecord = async (ops: OpsContext, id: OpId): Promise<FoundRecord> => {
  const found = await readRecord(ops.root, id)
  if (found !== undefined) return { file: found, rebuilt: false }
  const rebuilt = await rebuild(ops, id)
  const file = await readRecord(ops.root, id)
  if (file === undefined) throw notFound(id)
  return { file, rebuilt }
}
