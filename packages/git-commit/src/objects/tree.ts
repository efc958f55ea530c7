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
 * The offsets of an entry: its start, its mode without leading zeros, its name, the end of its name, and its end.
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
  return { start, mode, name, nul, end: nul + 1 + idLength, isFolder: tree[mode] === FOUR }
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

/** Returns the entry with this name, of any kind. `idLength` is in bytes: 20, or 32 for SHA-256. */
export const entryIn = (tree: Buffer, name: string, idLength: number): TreeEntry | undefined => {
  const span = spanOf(tree, Buffer.from(name), idLength)
  if (span === undefined) return undefined
  return {
    mode: tree.toString('latin1', span.mode, span.name - 1),
    id: tree.toString('hex', span.nul + 1, span.end),
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
    entries.push({
      mode: tree.toString('latin1', span.mode, span.name - 1),
      name: tree.toString('utf8', span.name, span.nul),
      id: tree.toString('hex', span.nul + 1, span.end),
    })
    at = span.end
  }
  return entries
}

const placeFor = (tree: Buffer, key: Buffer, isFolder: boolean, idLength: number): number => {
  let at = 0
  while (at < tree.length) {
    const span = spanAt(tree, at, idLength)
    if (compare(tree, span, key, isFolder) > 0) return at
    at = span.end
  }
  return at
}

/** Returns the tree with a range of bytes replaced. */
const spliced = (tree: Buffer, start: number, end: number, bytes: readonly Buffer[]): Buffer =>
  Buffer.concat([tree.subarray(0, start), ...bytes, tree.subarray(end)])

/** Returns the tree without the entry of this name. */
export const withoutEntry = (tree: Buffer, name: string, idLength: number): Buffer => {
  const span = spanOf(tree, Buffer.from(name), idLength)
  return span === undefined ? tree : spliced(tree, span.start, span.end, [])
}

/** Returns the tree with this entry, which replaces any other of its name. */
export const withEntry = (tree: Buffer, name: string, { mode, id }: TreeEntry): Buffer => {
  const idLength = id.length / 2
  const key = Buffer.from(name)
  const isFolder = mode === FOLDER_MODE
  const entry = [Buffer.from(`${mode} `), key, Buffer.from([0]), Buffer.from(id, 'hex')]
  const old = spanOf(tree, key, idLength)
  // Entries of the same kind are sorted alike.
  if (old?.isFolder === isFolder) return spliced(tree, old.start, old.end, entry)
  const rest = withoutEntry(tree, name, idLength)
  const at = placeFor(rest, key, isFolder, idLength)
  return spliced(rest, at, at, entry)
}
