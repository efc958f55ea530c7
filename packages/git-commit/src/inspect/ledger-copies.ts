import { type OpId, type OpRecord, parseOpRecord, parseTimestamp } from '@kitty/record'
import { findWorkTree } from '@kitty/writer/internals'
import { type BatchReader, batchReader } from '../objects/cat-file.js'
import type { Ledger } from './ledgers.js'
import { visitBlobs } from './visit-blobs.js'
import { type LedgerFile, type Walk, walkLedgers } from './walk-ledgers.js'

/** The record of a closed Op in a ledger. */
export type LedgerCopy = {
  readonly id: OpId
  readonly ledger: Ledger
  readonly blob: string
  /** Its path in the ledger. */
  readonly path: string
  readonly bytes: Buffer
  readonly record: OpRecord
}

/** What ledgers hold. */
export type LedgerContents = {
  /** The copies of each Op, the one that counts first. */
  readonly copies: ReadonlyMap<OpId, readonly LedgerCopy[]>
  /** How many files are not records at their own path. */
  readonly foreign: number
  /** The Ops that were erased on purpose. */
  readonly erased: ReadonlySet<OpId>
  /** The ledgers that cannot be read, and why. */
  readonly broken: readonly { readonly ledger: Ledger; readonly message: string }[]
}

/** The Ops of ledgers, which are found and read when they are needed. */
export type LedgerOps = {
  /** The UTC months from which a ledger has Ops, such as `2026-11`, newest first. */
  readonly months: readonly string[]
  /**
   * Finds the Ops of all months, or of these. Each has a file at the path of a record; not each of these files is one.
   */
  readonly find: (months?: readonly string[]) => Promise<ReadonlySet<OpId>>
  /** Reads the records of all Ops, or of some that were found. */
  readonly read: (ids?: ReadonlySet<OpId>) => Promise<LedgerContents>
}

/** Whether what a ledger has at the path of an Op is the closed record of that Op. */
export const isRecordOf = (record: OpRecord, id: OpId): boolean =>
  record.status === 'closed' && record.started?.invocation_id === id

const closedAt = ({ record }: LedgerCopy): number =>
  parseTimestamp(record.completed?.completed_at ?? '') ?? Number.POSITIVE_INFINITY

const isSweep = ({ record }: LedgerCopy): boolean => record.completed?.closed_by === 'doctor_sweep'

/** By who closed it (an agent before a sweep), then by the time of the close, then by blob. */
const compareCloses = (a: LedgerCopy, b: LedgerCopy): number => {
  if (isSweep(a) !== isSweep(b)) return Number(isSweep(a)) - Number(isSweep(b))
  const [first, second] = [closedAt(a), closedAt(b)]
  if (first !== second) return first < second ? -1 : 1
  return a.blob < b.blob ? -1 : Number(a.blob > b.blob)
}

/** The copies in the order in which they count; copies with the same bytes once for each writer. */
const inOrder = (copies: readonly LedgerCopy[]): readonly LedgerCopy[] => {
  const once = new Map<string, LedgerCopy>()
  for (const copy of copies) {
    const key = `${copy.ledger.writer} ${copy.blob}`
    if (!once.has(key)) once.set(key, copy)
  }
  const rank = ({ ledger }: LedgerCopy): number => Number(!ledger.isOwn)
  return [...once.values()].toSorted((a, b) => rank(a) - rank(b) || compareCloses(a, b))
}

/** Parses what a file holds, if it is the record of its Op, and closed. */
const copyIn = (file: LedgerFile, bytes: Buffer | 'too large'): LedgerCopy | undefined => {
  if (bytes === 'too large') return undefined
  const record = parseOpRecord(bytes, { opId: file.id })
  return isRecordOf(record, file.id) ? { ...file, bytes, record } : undefined
}

const readFiles = async (
  reader: BatchReader,
  files: readonly LedgerFile[],
  walk: Walk,
): Promise<LedgerContents> => {
  const unread = new Map<string, LedgerFile[]>()
  for (const file of files) {
    const others = unread.get(file.blob)
    if (others === undefined) unread.set(file.blob, [file])
    else others.push(file)
  }
  const lacking = new Map(walk.lacking)
  const copies = new Map<OpId, LedgerCopy[]>()
  let { foreign } = walk
  await visitBlobs(reader, [...unread.keys()], (blob, bytes) => {
    for (const file of unread.get(blob) ?? []) {
      const copy = copyIn(file, bytes)
      const others = copies.get(file.id)
      if (copy === undefined) foreign += 1
      else if (others === undefined) copies.set(file.id, [copy])
      else others.push(copy)
    }
    unread.delete(blob)
  })
  for (const { ledger, blob } of [...unread.values()].flat()) {
    lacking.set(ledger, lacking.get(ledger) ?? blob)
  }
  return {
    copies: new Map([...copies].map(([id, found]) => [id, inOrder(found)])),
    foreign,
    erased: walk.erased,
    broken: [...lacking].map(([ledger, object]) => {
      const what = object === '' ? `The ref ${ledger.ref}` : `The object ${object}`
      return { ledger, message: `${what} is missing or damaged.` }
    }),
  }
}

const NOTHING: LedgerContents = { copies: new Map(), foreign: 0, erased: new Set(), broken: [] }

/**
 * Finds the Ops in ledgers: all, or some of these. Fetches nothing. What it returns throws as it does.
 *
 * @throws KittyError `GIT_NOT_STARTED`, `UNSAFE_DIRECTORY`.
 */
export const findLedgerOps = async (
  root: string,
  ledgers: readonly Ledger[],
  { ids }: { readonly ids?: readonly OpId[] } = {},
): Promise<LedgerOps> => {
  const tree = await findWorkTree(root)
  if (tree === undefined) {
    return { months: [], find: async () => new Set(), read: async () => NOTHING }
  }
  const reader = batchReader(tree.top)
  const { found, months, into } = await walkLedgers(reader, ledgers, ids)
  return {
    months,
    find: async (some = months) => {
      await into(some)
      const wanted = new Set(some)
      const isWanted = ({ path }: LedgerFile): boolean =>
        wanted.has(path.slice(0, path.indexOf('/')))
      return new Set(found.records.filter(isWanted).map(({ id }) => id))
    },
    read: async (wanted) => {
      if (wanted === undefined) await into(months)
      const files = found.records.filter(({ id }) => wanted?.has(id) ?? true)
      return readFiles(reader, files, found)
    },
  }
}

/**
 * Reads the records in ledgers: all, or those of some Ops. A ledger that lacks objects or has damaged ones is in
 * `broken`; the rest of it, and the other ledgers, are read. Fetches nothing.
 *
 * @throws KittyError `GIT_NOT_STARTED`, `UNSAFE_DIRECTORY`.
 */
export const readLedgers = async (
  root: string,
  ledgers: readonly Ledger[],
  options: { readonly ids?: readonly OpId[] } = {},
): Promise<LedgerContents> => (await findLedgerOps(root, ledgers, options)).read()
