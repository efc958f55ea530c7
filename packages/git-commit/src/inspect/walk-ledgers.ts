import { isOpId, type OpId } from '@kitty/record'
import { erasedPathOf, ledgerPathOf, opOfLedgerPath } from '../ledger/layout.js'
import type { BatchReader, ObjectHeader } from '../objects/cat-file.js'
import { readSound } from '../objects/read-sound.js'
import { entriesOf, FOLDER_MODE, type TreeEntry } from '../objects/tree.js'
import type { Ledger } from './ledgers.js'
import { LARGEST } from './visit-blobs.js'

const REGULAR = new Set(['100644', '100755'])

const ERASED = 'erased/'

/** The folders on the way to records and notes. A hostile ledger has others, which can contain each other endlessly. */
const KNOWN = /^(?:erased|\d{4,}-\d{2}(?:\/\d{2})?)\/$/

const EVIDENCE = /^\d{4,}-\d{2}\/\d{2}\/[0-9A-Z]{26}\/$/

/**
 * Returns the objects of a type that this clone has and that can be read. Those that are larger than a record can be
 * are not read into memory.
 */
export const readWhole = async (
  reader: BatchReader,
  wanted: Iterable<string>,
  type: ObjectHeader['type'],
): Promise<ReadonlyMap<string, Buffer | 'too large'>> => {
  const headers = await readSound([...new Set(wanted)].filter(Boolean), reader.headers)
  const found = [...headers.values()].filter((header) => header.type === type)
  const small = found.filter(({ size }) => size <= LARGEST).map(({ id }) => id)
  const objects = await readSound(small, reader.objects)
  return new Map<string, Buffer | 'too large'>([
    ...[...objects].map(([id, { bytes }]) => [id, bytes] as const),
    ...found.flatMap(({ id, size }) => (size > LARGEST ? [[id, 'too large'] as const] : [])),
  ])
}

/** A file at the path of a record. */
export type LedgerFile = {
  readonly ledger: Ledger
  readonly id: OpId
  readonly path: string
  readonly blob: string
}

/** What a walk over the trees of ledgers finds. */
export type Walk = {
  readonly records: LedgerFile[]
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
  reader: BatchReader,
  ledgers: readonly Ledger[],
  walk: Walk,
): Promise<readonly Folder[]> => {
  const commits = await readWhole(
    reader,
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

/** A walk over the trees of ledgers, month by month. */
export type LedgerWalk = {
  /** What it found so far. */
  readonly found: Walk
  /** The months that a ledger has, such as `2026-11`, newest first. */
  readonly months: readonly string[]
  /** Walks over some months, each once. */
  readonly into: (months: readonly string[]) => Promise<void>
}

/** Returns a function that reads folders, adds the files in them to a walk, and returns the folders in them. */
const folderOpener = (reader: BatchReader, walk: Walk, ids: readonly OpId[] | undefined) => {
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
  return async (folders: readonly Folder[]): Promise<readonly Folder[]> => {
    const trees = await readWhole(
      reader,
      folders.map(({ tree }) => tree),
      'tree',
    )
    const below: Folder[] = []
    for (const folder of folders) {
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
    return below
  }
}

/** Groups the folders of months by their names. */
const byMonth = (folders: readonly Folder[]): Map<string, Folder[]> => {
  const months = new Map<string, Folder[]>()
  for (const folder of folders) {
    const month = folder.path.slice(0, -1)
    const others = months.get(month)
    if (others === undefined) months.set(month, [folder])
    else others.push(folder)
  }
  return months
}

/**
 * Starts a walk over the trees of ledgers, on the way to all Ops or to these. Each level of all ledgers is read
 * at once.
 */
export const walkLedgers = async (
  reader: BatchReader,
  ledgers: readonly Ledger[],
  ids: readonly OpId[] | undefined,
): Promise<LedgerWalk> => {
  const found: Walk = { records: [], erased: new Set(), lacking: new Map(), foreign: 0 }
  const open = folderOpener(reader, found, ids)
  const tops = await open(await topFolders(reader, ledgers, found))
  await open(tops.filter(({ path }) => path === ERASED))
  const waiting = byMonth(tops.filter(({ path }) => path !== ERASED))
  return {
    found,
    months: [...waiting.keys()].toSorted().reverse(),
    into: async (months) => {
      const folders = months.flatMap((month) => waiting.get(month) ?? [])
      for (const month of months) waiting.delete(month)
      await open(await open(folders))
    },
  }
}
