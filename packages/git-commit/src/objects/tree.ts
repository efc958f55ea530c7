/**
 * An entry of a git tree. A tree is `<mode> <name>\0<id>` for each entry, with the id in bytes, sorted by name as
 * if the names of folders ended in `/`. It is edited as bytes: a folder of 10,000 records is not parsed to change
 * one.
 */
export type TreeEntry = {
  readonly mode: string
  readonly id: string
}

export const FOLDER_MODE = '40000'

export const EMPTY_TREE = Buffer.alloc(0)

const SPACE = 0x20
const SLASH = 0x2f
const ZERO = 0x30
const FOUR = 0x34

/**
 * The offsets of an entry: its start, its mode without leading zeros, its name, the end of its name (-1 if the tree is cut
 * off here), and its end.
 */
type Span = {
  readonly start: number
  readonly mode: number
  readonly name: number
  readonly nul: number
  readonly end: number
  readonly isFolder: boolean
}

/**
 * Finds the entry at `start`. The mode of a folder is `40000`, and no other mode begins with 4; some programs write
 * leading zeros.
 */
const spanAt = (tree: Buffer, start: number, idLength: number): Span => {
  let mode = start
  while (tree[mode] === ZERO) mode += 1
  let space = mode
  while (space < tree.length && tree[space] !== SPACE) space += 1
  const name = space + 1
  const nul = tree.indexOf(0, name)
  const end = nul + 1 + idLength
  const isFolder = tree[mode] === FOUR
  // A tree that is cut off has no entry here, and none after it.
  return nul < 0 || end > tree.length
    ? { start, mode, name, nul: -1, end: tree.length, isFolder }
    : { start, mode, name, nul, end, isFolder }
}

/**
 * Returns the byte of a name at an offset, and after its end the byte by which a folder's or a file's name is
 * sorted.
 */
const byteOf = (bytes: Buffer, at: number, end: number, isFolder: boolean): number => {
  if (at < end) return bytes[at] ?? 0
  return at === end && isFolder ? SLASH : 0
}

const compare = (tree: Buffer, span: Span, key: Buffer, isFolder: boolean): number => {
  const length = Math.max(span.nul - span.name, key.length) + 1
  for (let at = 0; at < length; at += 1) {
    const mine = byteOf(tree, span.name + at, span.nul, span.isFolder)
    const difference = mine - byteOf(key, at, key.length, isFolder)
    if (difference !== 0) return difference
  }
  return 0
}

const hasName = (tree: Buffer, { name, nul }: Span, key: Buffer): boolean =>
  nul - name === key.length && tree.compare(key, 0, key.length, name, nul) === 0

const spanOf = (tree: Buffer, key: Buffer, idLength: number): Span | undefined => {
  // Most names are new, and bytes that do not occur at all are not a name.
  if (!tree.includes(key)) return undefined
  for (let at = 0; at < tree.length; ) {
    const span = spanAt(tree, at, idLength)
    if (hasName(tree, span, key)) return span
    at = span.end
  }
  return undefined
}

const entryAt = (tree: Buffer, { mode, name, nul, end }: Span): TreeEntry => ({
  mode: tree.toString('latin1', mode, name - 1),
  id: tree.toString('hex', nul + 1, end),
})

/** Returns the entry with this name, of any kind. `idLength` is in bytes: 20, or 32 for SHA-256. */
const entryIn = (tree: Buffer, name: string, idLength: number): TreeEntry | undefined => {
  const span = spanOf(tree, Buffer.from(name), idLength)
  return span && entryAt(tree, span)
}

/** Returns the first entry of each name. */
const spansByName = (tree: Buffer, idLength: number): Map<string, Span> => {
  const spans = new Map<string, Span>()
  for (let at = 0; at < tree.length; ) {
    const span = spanAt(tree, at, idLength)
    if (span.nul < 0) break
    const name = tree.toString('latin1', span.name, span.nul)
    if (!spans.has(name)) spans.set(name, span)
    at = span.end
  }
  return spans
}

/** Up to this many names, a search for their bytes is faster than comparing each name of a tree. */
const FEW = 8

/** Returns a function that finds entries of a tree by name. It reads the tree once if it is asked for many. */
export const entryFinder = (
  tree: Buffer,
  idLength: number,
): ((name: string) => TreeEntry | undefined) => {
  let asked = 0
  let all: Map<string, Span> | undefined
  return (name) => {
    asked += 1
    if (asked <= FEW) return entryIn(tree, name, idLength)
    all ??= spansByName(tree, idLength)
    const span = all.get(Buffer.from(name).toString('latin1'))
    return span && entryAt(tree, span)
  }
}

/** Returns every entry, in the order of the tree. `idLength` is in bytes. */
export const entriesOf = (
  tree: Buffer,
  idLength: number,
): readonly (TreeEntry & { readonly name: string })[] => {
  const entries: (TreeEntry & { readonly name: string })[] = []
  for (let at = 0; at < tree.length; ) {
    const span = spanAt(tree, at, idLength)
    // A tree that is cut off.
    if (span.nul < 0) break
    entries.push({ ...entryAt(tree, span), name: tree.toString('utf8', span.name, span.nul) })
    at = span.end
  }
  return entries
}

/**
 * What becomes of a name in a tree: an entry, which replaces any other; the removal of a file or of a folder, which leaves
 * the other kind alone; or the removal of either.
 */
export type EntryChange = TreeEntry | 'no file' | 'no folder' | 'nothing'

const bytesOf = (key: Buffer, { mode, id }: TreeEntry): readonly Buffer[] => [
  Buffer.from(`${mode} `),
  key,
  Buffer.from([0]),
  Buffer.from(id, 'hex'),
]

/** A new entry, and the name by which it is sorted. */
type Insert = {
  readonly key: Buffer
  readonly isFolder: boolean
  readonly bytes: readonly Buffer[]
}

const sortKey = ({ key, isFolder }: Insert): Buffer =>
  isFolder ? Buffer.concat([key, Buffer.from('/')]) : key

const insertsOf = (changes: ReadonlyMap<string, EntryChange>): readonly Insert[] =>
  [...changes]
    .flatMap(([name, change]) => {
      if (typeof change === 'string') return []
      const key = Buffer.from(name)
      return [{ key, isFolder: change.mode === FOLDER_MODE, bytes: bytesOf(key, change) }]
    })
    .toSorted((a, b) => Buffer.compare(sortKey(a), sortKey(b)))

/** Returns a function that returns what becomes of an entry; `undefined` if it stays. */
const changeFinder = (
  tree: Buffer,
  changes: ReadonlyMap<string, EntryChange>,
): ((span: Span) => EntryChange | undefined) => {
  const keys = [...changes].map(([name, change]) => [Buffer.from(name), change] as const)
  // Most names are new, and bytes that do not occur at all are not a name.
  const known = changes.size > FEW ? keys : keys.filter(([key]) => tree.includes(key))
  const byName = new Map(known.map(([key, change]) => [key.toString('latin1'), change]))
  if (byName.size === 0) return () => undefined
  return ({ name, nul, isFolder }) => {
    const change = byName.get(tree.toString('latin1', name, nul))
    return change === (isFolder ? 'no file' : 'no folder') ? undefined : change
  }
}

/** Returns the tree with these changes, each to a name in it. `idLength` is in bytes. Reads the tree once. */
export const withChanges = (
  tree: Buffer,
  changes: ReadonlyMap<string, EntryChange>,
  idLength: number,
): Buffer => {
  const parts: Buffer[] = []
  const inserts = insertsOf(changes)
  const changeOf = changeFinder(tree, changes)
  let [next, copied] = [0, 0]
  const copyTo = (end: number): void => {
    if (end > copied) parts.push(tree.subarray(copied, end))
    copied = end
  }
  for (let at = 0; at < tree.length; ) {
    const span = spanAt(tree, at, idLength)
    for (let insert = inserts[next]; insert !== undefined; insert = inserts[next]) {
      if (compare(tree, span, insert.key, insert.isFolder) < 0) break
      copyTo(at)
      parts.push(...insert.bytes)
      next += 1
    }
    if (changeOf(span) !== undefined) {
      copyTo(at)
      copied = span.end
    }
    at = span.end
  }
  copyTo(tree.length)
  return Buffer.concat([...parts, ...inserts.slice(next).flatMap(({ bytes }) => bytes)])
}
