// The extension `TREE` of an index: which folders of the index have which tree. For each folder, the outermost first: its
// name, a NUL, the number of its entries (-1 if its tree is not known), a space, the number of its folders, a line feed,
// and the id of its tree if it is known. Its folders follow.

/** The entry of a folder in the extension. */
type CachedTree = { readonly head: Buffer; readonly subfolders: number; readonly end: number }

const HEAD = /^(-1|\d+) (\d+)$/

const cachedTreeAt = (bytes: Buffer, at: number, idLength: number): CachedTree | undefined => {
  const nul = bytes.indexOf(0, at)
  const lineEnd = nul < 0 ? -1 : bytes.indexOf('\n', nul)
  const [, count, subfolders] =
    HEAD.exec(bytes.toString('latin1', nul + 1, Math.max(lineEnd, 0))) ?? []
  if (count === undefined) return undefined
  const end = lineEnd + 1 + (count === '-1' ? 0 : idLength)
  return end > bytes.length
    ? undefined
    : { head: bytes.subarray(at, nul + 1), subfolders: Number(subfolders), end }
}

/** Folders whose trees change, by their names: those below each. */
type Changed = ReadonlyMap<string, Changed>

const changedFolders = (paths: readonly string[]): Changed => {
  type Level = Map<string, Level>
  const top: Level = new Map()
  for (const path of paths) {
    let level = top
    for (const name of path.split('/').slice(0, -1)) {
      const next = level.get(name) ?? new Map()
      level.set(name, next)
      level = next
    }
  }
  return top
}

/**
 * Returns the extension without the trees of the folders above these paths, which git then makes again when it needs
 * them. Returns `undefined` if the extension is damaged.
 */
export const forgetTrees = (
  bytes: Buffer,
  paths: readonly string[],
  idLength: number,
): Buffer | undefined => {
  const parts: Buffer[] = []
  let at = 0
  const visit = (changed: Changed | undefined): boolean => {
    const folder = cachedTreeAt(bytes, at, idLength)
    if (folder === undefined) return false
    const { head, subfolders, end } = folder
    if (changed === undefined) parts.push(bytes.subarray(at, end))
    else parts.push(head, Buffer.from(`-1 ${subfolders}\n`))
    at = end
    for (let left = subfolders; left > 0; left -= 1) {
      const name = bytes.toString('utf8', at, Math.max(at, bytes.indexOf(0, at)))
      if (!visit(changed?.get(name))) return false
    }
    return true
  }
  return visit(changedFolders(paths)) && at === bytes.length ? Buffer.concat(parts) : undefined
}
