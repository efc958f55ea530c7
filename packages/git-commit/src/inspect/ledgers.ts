import { isOpId, type OpId, type OpRecord, parseOpRecord, parseTimestamp } from '@kitty/record'
import { findWorkTree } from '@kitty/writer/internals'
import { gitError } from '../git/query.js'
import { runGit } from '../git/run-git.js'
import {
  erasedPathOf,
  ledgerPathOf,
  OWN_LEDGERS,
  opOfLedgerPath,
  REMOTE_LEDGERS,
} from '../ledger/layout.js'
import { readOwnWriter } from '../ledger/own-writer.js'
import { type ObjectHeader, readObjectHeaders, readObjects } from '../objects/cat-file.js'
import { readSound } from '../objects/read-sound.js'
import { entriesOf, FOLDER_MODE, type TreeEntry } from '../objects/tree.js'

/** A ledger of this repository, or one that was fetched from a remote. */
export type Ledger = {
  readonly ref: string
  /** The commit that the ref points to; empty if the ref itself is broken. */
  readonly tip: string
  readonly writer: string
  /** The remote that it was fetched from. */
  readonly remote?: string
  /** Whether this clone writes it. */
  readonly isOwn: boolean
}

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

const ledgerOfRef = (ref: string, tip: string, own: string | undefined): Ledger | undefined => {
  const writer = ref.slice(ref.lastIndexOf('/') + 1)
  if (!isOpId(writer)) return undefined
  if (ref === OWN_LEDGERS + writer) return { ref, tip, writer, isOwn: writer === own }
  const remote = ref.slice(REMOTE_LEDGERS.length, -writer.length - 1)
  return ref.startsWith(REMOTE_LEDGERS) && remote !== ''
    ? { ref, tip, writer, remote, isOwn: false }
    : undefined
}

/** What git says of a ref whose file is empty or garbled, as a power loss leaves it. It lists the others. */
const BROKEN_REF = /ignoring broken ref (\S+)$/gm

/**
 * Lists the ledgers of a repository, its own first, then other local ones, then fetched ones; broken refs too. Empty
 * outside git. Refs that are not named by a ULID are ignored.
 *
 * @throws KittyError `GIT_FAILED` if git cannot list them, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const listLedgers = async (root: string): Promise<readonly Ledger[]> => {
  const tree = await findWorkTree(root)
  if (tree === undefined) return []
  const args = ['for-each-ref', '--format=%(refname) %(objectname)', OWN_LEDGERS, REMOTE_LEDGERS]
  const answer = await runGit(tree.top, args)
  if (!answer.ok) throw gitError({ what: 'list the ledgers' }, answer)
  const lines = answer.stdout.toString().split('\n')
  const broken = [...answer.stderr.matchAll(BROKEN_REF)].map(([, ref = '']) => ref)
  const own = readOwnWriter(tree.commonDir)
  const ledgers = [...lines, ...broken].flatMap((line) => {
    const [ref = '', tip = ''] = line.split(' ')
    return ledgerOfRef(ref, tip, own) ?? []
  })
  const rank = ({ isOwn, remote }: Ledger): number => (isOwn ? 0 : remote === undefined ? 1 : 2)
  return ledgers.toSorted((a, b) => rank(a) - rank(b))
}

const REGULAR = new Set(['100644', '100755'])

const LARGEST = 8 * 1024 ** 2

const ERASED = 'erased/'

/** The folders on the way to records and notes. A hostile ledger has others, which can contain each other endlessly. */
const KNOWN = /^(?:erased|\d{4,}-\d{2}(?:\/\d{2})?)\/$/

const EVIDENCE = /^\d{4,}-\d{2}\/\d{2}\/[0-9A-Z]{26}\/$/

/**
 * Returns the objects of a type that this clone has and that can be read. Those that are larger than a record can be
 * are not read into memory.
 */
const readWhole = async (
  top: string,
  wanted: Iterable<string>,
  type: ObjectHeader['type'],
): Promise<ReadonlyMap<string, Buffer | 'too large'>> => {
  const headers = await readSound([...new Set(wanted)].filter(Boolean), (ids) =>
    readObjectHeaders(top, ids),
  )
  const found = [...headers.values()].filter((header) => header.type === type)
  const small = found.filter(({ size }) => size <= LARGEST).map(({ id }) => id)
  const objects = await readSound(small, (ids) => readObjects(top, ids))
  return new Map<string, Buffer | 'too large'>([
    ...[...objects].map(([id, { bytes }]) => [id, bytes] as const),
    ...found.flatMap(({ id, size }) => (size > LARGEST ? [[id, 'too large'] as const] : [])),
  ])
}

type Found = {
  readonly ledger: Ledger
  readonly id: OpId
  readonly path: string
  readonly blob: string
}

/** What a walk over the trees of ledgers finds. */
type Walk = {
  readonly records: Found[]
  readonly erased: Set<OpId>
  /** The first object that a ledger lacks; empty if its ref is broken. */
  readonly lacking: Map<Ledger, string>
  foreign: number
}

type Folder = {
  readonly ledger: Ledger
  /** With a final `/`; empty for the top. */
  readonly path: string
  readonly tree: string
}

/** The folders on the way to the files of Ops. */
const foldersTo = (ids: readonly OpId[]): ReadonlySet<string> => {
  const paths = ids.flatMap((id) => [ledgerPathOf(id), erasedPathOf(id)])
  return new Set(
    paths.flatMap((path) => [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index + 1))),
  )
}

type LedgerEntry = TreeEntry & { readonly name: string }

const addFile = (
  walk: Walk,
  { ledger, path: folder }: Folder,
  { mode, name, id: blob }: LedgerEntry,
  wanted: ReadonlySet<OpId> | undefined,
): void => {
  const path = folder + name
  const id = opOfLedgerPath(path)
  if (!REGULAR.has(mode)) walk.foreign += 1
  else if (folder === ERASED && isOpId(name)) walk.erased.add(name)
  else if (id === undefined) walk.foreign += 1
  else if (wanted?.has(id) ?? true) walk.records.push({ ledger, id, path, blob })
}

/** The tops of ledgers. */
const topFolders = async (
  top: string,
  ledgers: readonly Ledger[],
  walk: Walk,
): Promise<readonly Folder[]> => {
  const commits = await readWhole(
    top,
    ledgers.map(({ tip }) => tip),
    'commit',
  )
  return ledgers.flatMap((ledger) => {
    const text = commits.get(ledger.tip)?.toString('latin1') ?? ''
    const [, tree] = /^tree ([0-9a-f]+)\n/.exec(text) ?? []
    if (tree !== undefined) return [{ ledger, path: '', tree }]
    walk.lacking.set(ledger, ledger.tip)
    return []
  })
}

/** Finds the files of ledgers, level by level: each level of all ledgers takes two git processes. */
const walkLedgers = async (
  top: string,
  ledgers: readonly Ledger[],
  ids: readonly OpId[] | undefined,
): Promise<Walk> => {
  const walk: Walk = { records: [], erased: new Set(), lacking: new Map(), foreign: 0 }
  const [wanted, way] = [ids && new Set(ids), ids && foldersTo(ids)]
  // The records of a day are in no other: a folder that a ledger has at several paths counts once.
  const seen = new Set<string>()
  const addFolder = (
    below: Folder[],
    { ledger, path: parent }: Folder,
    entry: LedgerEntry,
  ): void => {
    const path = `${parent}${entry.name}/`
    if (EVIDENCE.test(path)) return
    const key = `${ledger.ref} ${entry.id}`
    if (!KNOWN.test(path) || seen.has(key)) walk.foreign += 1
    else if (way?.has(path) ?? true) {
      seen.add(key)
      below.push({ ledger, path, tree: entry.id })
    }
  }
  let level = await topFolders(top, ledgers, walk)
  while (level.length > 0) {
    const trees = await readWhole(
      top,
      level.map(({ tree }) => tree),
      'tree',
    )
    const below: Folder[] = []
    for (const folder of level) {
      const { ledger, tree } = folder
      const bytes = trees.get(tree)
      if (bytes === undefined) walk.lacking.set(ledger, walk.lacking.get(ledger) ?? tree)
      else if (bytes === 'too large') walk.foreign += 1
      else {
        for (const entry of entriesOf(bytes, tree.length / 2)) {
          if (entry.mode === FOLDER_MODE) addFolder(below, folder, entry)
          else addFile(walk, folder, entry, wanted)
        }
      }
    }
    level = below
  }
  return walk
}

const isCounted = (record: OpRecord, id: OpId): boolean =>
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

/**
 * Reads the records in ledgers: all, or those of some Ops. A ledger that lacks objects or has damaged ones is in
 * `broken`; the rest of it, and the other ledgers, are read. Fetches nothing.
 *
 * @throws KittyError `GIT_NOT_STARTED`, `UNSAFE_DIRECTORY`.
 */
export const readLedgers = async (
  root: string,
  ledgers: readonly Ledger[],
  { ids }: { readonly ids?: readonly OpId[] } = {},
): Promise<LedgerContents> => {
  const tree = await findWorkTree(root)
  if (tree === undefined) return { copies: new Map(), foreign: 0, erased: new Set(), broken: [] }
  const walk = await walkLedgers(tree.top, ledgers, ids)
  const { records, erased, lacking } = walk
  const blobs = await readWhole(
    tree.top,
    records.map(({ blob }) => blob),
    'blob',
  )
  const copies = new Map<OpId, LedgerCopy[]>()
  let { foreign } = walk
  for (const { ledger, id, path, blob } of records) {
    const bytes = blobs.get(blob)
    if (bytes === undefined) lacking.set(ledger, lacking.get(ledger) ?? blob)
    else {
      const record = bytes === 'too large' ? undefined : parseOpRecord(bytes, { opId: id })
      if (bytes === 'too large' || record === undefined || !isCounted(record, id)) foreign += 1
      else {
        const others = copies.get(id)
        const copy = { id, ledger, blob, path, bytes, record }
        if (others === undefined) copies.set(id, [copy])
        else others.push(copy)
      }
    }
  }
  return {
    copies: new Map([...copies].map(([id, found]) => [id, inOrder(found)])),
    foreign,
    erased,
    broken: [...lacking].map(([ledger, object]) => {
      const what = object === '' ? `The ref ${ledger.ref}` : `The object ${object}`
      return { ledger, message: `${what} is missing or damaged.` }
    }),
  }
}
