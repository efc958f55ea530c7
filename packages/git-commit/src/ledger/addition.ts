import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import type { OpId } from '@kitty/record'
import { readRegular } from '@kitty/writer/internals'
import type { FileChange } from '../objects/tree-editor.js'
import { tryRead } from '../repository/head.js'
import { ledgerEvidenceOf, ledgerPathOf } from './layout.js'

/** What the ledger takes of one Op: its files, at their paths in the ledger, and what the caller should know. */
export type Addition = {
  readonly id: OpId
  readonly changes: readonly FileChange[]
  readonly notes: readonly string[]
}

/** A closed record, and the other files of its Op, relative to the root, with `/`. */
export type OpToAdd = {
  readonly id: OpId
  readonly bytes: Uint8Array
  readonly extras: readonly string[]
}

/** The folder of an Op's evidence below the root, with a final `/`. */
export const evidenceFolderOf = (id: OpId): string => `.kittify/evidence/${id}/`

const inMiB = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`

/** Reads what the ledger takes of an Op. Evidence above the limit, in bytes, stays out, with a note. */
export const additionOf = async (
  root: string,
  { id, bytes, extras }: OpToAdd,
  limit: number,
): Promise<Addition> => {
  const changes: FileChange[] = [{ kind: 'write', path: ledgerPathOf(id), bytes }]
  const notes: string[] = []
  const folder = evidenceFolderOf(id)
  for (const path of extras.filter((extra) => extra.startsWith(folder))) {
    const size = tryRead(() => lstatSync(join(root, path)).size) ?? 0
    if (size > limit) {
      notes.push(`${path} is not in the ledger: ${inMiB(size)}, with a limit of ${inMiB(limit)}.`)
      continue
    }
    const content = await readRegular(join(root, path))
    const target = `${ledgerEvidenceOf(id)}/${path.slice(folder.length)}`
    if (content !== undefined) changes.push({ kind: 'write', path: target, bytes: content })
  }
  return { id, changes, notes }
}
