import { readdirSync } from 'node:fs'
import { ARCHIVE_DIR, OPS_DIR, toAbsolute } from '@kitty/writer'
import { sharedFact } from '../shared-fact.js'

/** Something in `kitty-ops/`, whatever it is. */
export type FoundFile = {
  /** Its folder, relative to the root, with `/`. */
  readonly folder: string
  readonly name: string
  /** The two put together. */
  readonly path: string
  readonly kind: 'file' | 'folder' | 'link' | 'other'
}

const list = (root: string, folder: string): readonly FoundFile[] => {
  try {
    const entries = readdirSync(toAbsolute(root, folder), { withFileTypes: true })
    return entries.map((entry) => ({
      folder,
      name: entry.name,
      path: `${folder}/${entry.name}`,
      kind: entry.isSymbolicLink()
        ? 'link'
        : entry.isFile()
          ? 'file'
          : entry.isDirectory()
            ? 'folder'
            : 'other',
    }))
  } catch {
    // None there, or none to look into: who needs the records in it says so.
    return []
  }
}

/** Everything in `kitty-ops/`, in its archive and in the months there; no deeper. */
export const filesOf = sharedFact(async ({ ops }): Promise<readonly FoundFile[]> => {
  const hot = list(ops.root, OPS_DIR)
  const isArchive = ({ path, kind }: FoundFile): boolean =>
    path === ARCHIVE_DIR && kind === 'folder'
  const months = hot.some(isArchive) ? list(ops.root, ARCHIVE_DIR) : []
  const inMonths = months.filter(({ kind }) => kind === 'folder')
  return [...hot, ...months, ...inMonths.flatMap(({ path }) => list(ops.root, path))]
})
