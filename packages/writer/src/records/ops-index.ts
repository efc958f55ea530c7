import {
  formatIndexRow,
  type IndexRow,
  indexRowOf,
  type OpRecord,
  parseTimestamp,
} from '@kitty/record'
import type { Durability } from '../fs/durability.js'
import { replaceFile } from '../fs/durable-file.js'
import { hasRealDirectory } from '../fs/folder.js'
import { readRegular } from '../fs/regular-file.js'
import { INDEX_PATH, OPS_DIR, toAbsolute } from '../project/paths.js'
import { listRecords, readRecords } from './list-records.js'

/** A row more, and the index is cut back to the newest `KEPT_INDEX_ROWS`. */
export const MAX_INDEX_ROWS = 512
export const KEPT_INDEX_ROWS = 256

// One character a byte, so that lines that are no valid text are kept as they are too.
const BYTES = 'latin1'

const linesIn = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '')

const linesFor = (records: readonly OpRecord[]): string[] =>
  records.flatMap((record) => {
    const row = indexRowOf(record)
    return row === undefined ? [] : [Buffer.from(formatIndexRow(row)).toString(BYTES).trimEnd()]
  })

/**
 * The index with rows for these records, closed ones only, added at its end; `undefined` when it needs
 * no change. Whatever else is in it stays, until it grows too long and is cut. Pure.
 */
export const nextIndexBytes = (
  current: Buffer | undefined,
  records: readonly OpRecord[],
): Buffer | undefined => {
  const text = current?.toString(BYTES) ?? ''
  const lines = linesIn(text)
  const known = new Set(lines)
  const added = [...new Set(linesFor(records))].filter((line) => !known.has(line))
  if (added.length === 0) return undefined
  const next = [...lines, ...added]
  const kept = next.length > MAX_INDEX_ROWS ? next.slice(-KEPT_INDEX_ROWS) : next
  return Buffer.from(kept.map((line) => `${line}\n`).join(''), BYTES)
}

type Timed = { readonly row: IndexRow; readonly at: number }

const newestRows = async (root: string): Promise<readonly IndexRow[]> => {
  const rows: Timed[] = []
  for await (const { record } of readRecords(root, await listRecords(root))) {
    const row = indexRowOf(record)
    if (row !== undefined) rows.push({ row, at: parseTimestamp(row.completed_at) ?? 0 })
  }
  return rows
    .sort((a, b) => a.at - b.at || (a.row.invocation_id < b.row.invocation_id ? -1 : 1))
    .slice(-KEPT_INDEX_ROWS)
    .map(({ row }) => row)
}

/**
 * Makes the index anew, atomically, from the newest closed records, in the order they were closed. The
 * caller holds the commit lock. Throws `SYMLINK_REFUSED`, and what writing throws.
 */
export const rebuildIndex = async (
  root: string,
  durability: Durability = 'process',
): Promise<{ readonly rows: number }> => {
  if (!hasRealDirectory(root, OPS_DIR)) return { rows: 0 }
  const rows = await newestRows(root)
  const bytes = Buffer.from(rows.map(formatIndexRow).join(''))
  const path = toAbsolute(root, INDEX_PATH)
  const present = await readRegular(path)
  if (!bytes.equals(present ?? Buffer.alloc(0))) await replaceFile(path, bytes, durability)
  return { rows: rows.length }
}
