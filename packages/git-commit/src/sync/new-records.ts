// Which records one commit of a ledger has and an earlier one lacks. Whole folders that both have are not read, and
// only folders on the way to records are: a hostile ledger has others.

import type { OpId } from '@kitty/record'
import { parseOpRecord } from '@kitty/record'
import { isRecordOf } from '../inspect/ledger-copies.js'
import { visitBlobs } from '../inspect/visit-blobs.js'
import { readWhole } from '../inspect/walk-ledgers.js'
import { opOfLedgerPath } from '../ledger/layout.js'
import { type BatchReader, batchReader } from '../objects/cat-file.js'
import { entriesOf, FOLDER_MODE } from '../objects/tree.js'

/** A ledger at two moments. */
export type Growth = {
  readonly writer: string
  /** Absent if there was nothing before. */
  readonly from: string | undefined
  readonly to: string
}

/** New files of a ledger. */
export type NewRecords = {
  /** The blobs at the paths of records, by Op. */
  readonly records: ReadonlyMap<OpId, string>
  /** How many other files are new, or are not what they should be. */
  readonly foreign: number
}

type Found = {
  readonly records: Map<OpId, string>
  foreign: number
  /** The folders on the way. One at several paths counts once: hostile ones can contain each other endlessly. */
  readonly seen: Set<string>
}

/** A folder that changed, with a final `/`. */
type Pair = {
  readonly writer: string
  readonly path: string
  readonly from: string | undefined
  readonly to: string
}

const WAY = /^(?:\d{4,}-\d{2}(?:\/\d{2})?)\/$/

/** What an Op, or a note on an erased one, can have beside records. */
const KNOWN = /^(?:erased\/[0-9A-Z]{26}|erased\/|\d{4,}-\d{2}\/\d{2}\/[0-9A-Z]{26}\/)$/

const REGULAR = /^100/

type Entry = { readonly mode: string; readonly name: string; readonly id: string }

const addEntry = (found: Found, pair: Pair, before: string | undefined, entry: Entry): Pair[] => {
  const { mode, name, id } = entry
  if (id === before) return []
  const isFolder = mode === FOLDER_MODE
  const path = `${pair.path}${name}${isFolder ? '/' : ''}`
  if (isFolder && WAY.test(path) && !found.seen.has(id)) {
    found.seen.add(id)
    return [{ writer: pair.writer, path, from: before, to: id }]
  }
  const op = isFolder || !REGULAR.test(mode) ? undefined : opOfLedgerPath(path)
  if (op !== undefined) found.records.set(op, id)
  else if (!KNOWN.test(path) || !(isFolder || REGULAR.test(mode))) found.foreign += 1
  return []
}

const entriesIn = (bytes: Buffer | 'too large' | undefined, tree: string): readonly Entry[] =>
  bytes === undefined || bytes === 'too large' ? [] : [...entriesOf(bytes, tree.length / 2)]

/** Reads one level of all ledgers. Returns the folders below. */
const descend = async (
  reader: BatchReader,
  pairs: readonly Pair[],
  found: ReadonlyMap<string, Found>,
): Promise<readonly Pair[]> => {
  const ids = pairs.flatMap(({ from, to }) => (from === undefined ? [to] : [from, to]))
  const trees = await readWhole(reader, ids, 'tree')
  const below: Pair[] = []
  for (const pair of pairs) {
    const { from, to, writer } = pair
    const own = found.get(writer)
    if (own === undefined) continue
    const before = new Map(
      (from === undefined ? [] : entriesIn(trees.get(from), from)).map(({ name, id }) => [
        name,
        id,
      ]),
    )
    if (trees.get(to) === 'too large') own.foreign += 1
    for (const entry of entriesIn(trees.get(to), to)) {
      below.push(...addEntry(own, pair, before.get(entry.name), entry))
    }
  }
  return below
}

const treeOf = (commit: Buffer | 'too large' | undefined): string | undefined =>
  /^tree ([0-9a-f]+)\n/.exec(commit?.toString('latin1') ?? '')?.[1]

/** Finds the new records of ledgers, by writer. Their content is not read. */
export const findNewRecords = async (
  cwd: string,
  ledgers: readonly Growth[],
): Promise<ReadonlyMap<string, NewRecords>> => {
  const tips = ledgers.flatMap(({ from, to }) => (from === undefined ? [to] : [from, to]))
  const reader = batchReader(cwd)
  const commits = await readWhole(reader, tips, 'commit')
  const found = new Map<string, Found>(
    ledgers.map(({ writer }) => [writer, { records: new Map(), foreign: 0, seen: new Set() }]),
  )
  let pairs = ledgers.flatMap(({ writer, from, to }): readonly Pair[] => {
    const tree = treeOf(commits.get(to))
    const before = from === undefined ? undefined : treeOf(commits.get(from))
    return tree === undefined ? [] : [{ writer, path: '', from: before, to: tree }]
  })
  while (pairs.length > 0) pairs = [...(await descend(reader, pairs, found))]
  return found
}

type Count = { ops: number; foreign: number }

/** Reads the new records of ledgers, and counts those that are what their path says, by writer. */
export const countRecords = async (
  cwd: string,
  ledgers: ReadonlyMap<string, NewRecords>,
): Promise<ReadonlyMap<string, Readonly<Count>>> => {
  const counts = new Map<string, Count>()
  const files = new Map<string, { readonly count: Count; readonly id: OpId }[]>()
  for (const [writer, { records, foreign }] of ledgers) {
    // What is not read counts as foreign.
    const count = { ops: 0, foreign: foreign + records.size }
    counts.set(writer, count)
    for (const [id, blob] of records) {
      const others = files.get(blob)
      if (others === undefined) files.set(blob, [{ count, id }])
      else others.push({ count, id })
    }
  }
  await visitBlobs(batchReader(cwd), files.keys(), (blob, bytes) => {
    for (const { count, id } of files.get(blob) ?? []) {
      if (bytes === 'too large' || !isRecordOf(parseOpRecord(bytes, { opId: id }), id)) continue
      count.ops += 1
      count.foreign -= 1
    }
  })
  return counts
}
