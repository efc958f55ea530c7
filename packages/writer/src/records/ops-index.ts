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

/** With more rows than this, the index is cut back to the newest `KEPT_INDEX_ROWS`. */
export const MAX_INDEX_ROWS = 512
export const KEPT_INDEX_ROWS = 256

// One character for each byte, so that lines that are not valid UTF-8 are kept unchanged.
const BYTES = 'latin1'

const linesIn = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '')

const linesFor = (records: readonly OpRecord[]): string[] =>
  records.flatMap((record) => {
    const row = indexRowOf(record)
    return row === undefined ? [] : [Buffer.from(formatIndexRow(row)).toString(BYTES).trimEnd()]
  })

/**
 * Appends rows for these records, closed ones only, to the index. Returns the new bytes, or `undefined` if nothing
 * changes. Other lines stay, until the index is longer than `MAX_INDEX_ROWS` and is cut. Pure.
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
 * Rebuilds the index atomically from the newest closed records, in the order in which they were closed. Caller must
 * hold the commit lock. Throws `SYMLINK_REFUSED`, and what writing throws.
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
