import { type Dir, type Dirent, opendirSync } from 'node:fs'
import type { OpId } from '@kitty/record'
import { ARCHIVE_DIR, archivedPath, OPS_DIR, opIdOfName, toAbsolute } from '@kitty/writer/internals'
import { memoized } from '../check/memo.js'

/** An entry in `kitty-ops/` of any kind. */
export type FoundFile = {
  /** Its folder, relative to the root, with `/`. */
  readonly folder: string
  readonly name: string
  /** `folder` and `name`, joined. */
  readonly path: string
  readonly kind: 'file' | 'folder' | 'link' | 'other'
}

const kindOf = (entry: Dirent): FoundFile['kind'] => {
  if (entry.isSymbolicLink()) return 'link'
  if (entry.isFile()) return 'file'
  return entry.isDirectory() ? 'folder' : 'other'
}

const open = (root: string, folder: string): Dir | undefined => {
  try {
    return opendirSync(toAbsolute(root, folder), { bufferSize: 1_000 })
  } catch {
    // Missing or not readable: the checks that need its records report that.
    return undefined
  }
}

type Skip = (entry: Dirent) => boolean

const SKIP_NOTHING: Skip = () => false

function* list(root: string, folder: string, skip = SKIP_NOTHING): Generator<FoundFile> {
  const dir = open(root, folder)
  if (dir === undefined) return
  try {
    for (let entry = dir.readSync(); entry !== null; entry = dir.readSync()) {
      if (skip(entry)) continue
      const { name } = entry
      yield { folder, name, path: `${folder}/${name}`, kind: kindOf(entry) }
    }
  } finally {
    dir.closeSync()
  }
}

/** Every entry in `kitty-ops/`, in its archive and in the months of the archive; no deeper. Leaves out what `skip` says, if it is in `kitty-ops/` itself. */
export function* everything(root: string, skip = SKIP_NOTHING): Generator<FoundFile> {
  let hasArchive = false
  for (const file of list(root, OPS_DIR, skip)) {
    if (file.path === ARCHIVE_DIR && file.kind === 'folder') hasArchive = true
    yield file
  }
  if (!hasArchive) return
  const months = [...list(root, ARCHIVE_DIR)]
  yield* months
  for (const { path, kind } of months) if (kind === 'folder') yield* list(root, path)
}

const isRecord = (entry: Dirent): boolean => entry.isFile() && opIdOfName(entry.name) !== undefined

const idOf = ({ kind, name }: FoundFile): OpId | undefined =>
  kind === 'file' ? opIdOfName(name) : undefined

const hotIds = (root: string): ReadonlySet<OpId> =>
  new Set(Array.from(list(root, OPS_DIR), idOf).filter((id) => id !== undefined))

/**
 * The same without records that are in their right place and only there: there can be 100,000 of them, and no
 * check needs them.
 */
export const filesOf = memoized(async ({ ops }): Promise<readonly FoundFile[]> => {
  const files: FoundFile[] = []
  let hot: ReadonlySet<OpId> | undefined
  for (const file of everything(ops.root, isRecord)) {
    const id = idOf(file)
    hot ??= id && hotIds(ops.root)
    if (id === undefined || hot?.has(id) || file.path !== archivedPath(id)) files.push(file)
  }
  return files
})
