import { readdir, stat } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import { join } from 'node:path/posix'
import { isLogName, OPS_DIR } from '@kitty/writer'

/** Where records lie below a folder that somebody names: in the hot folder the archive, in that its months. */
const HOLDS_RECORDS = /^(?:archive|\d{4}-\d{2})$/

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  )

const slashed = (path: string): string => (sep === '/' ? path : path.replaceAll(sep, '/'))

/** The records below a folder, in the order of their names, as somebody standing at `cwd` names them. */
const recordsBelow = async (folder: string, cwd: string): Promise<readonly string[]> => {
  const found: string[] = []
  const entries = await readdir(resolve(cwd, folder), { withFileTypes: true })
  const ours = entries.find((entry) => entry.name === OPS_DIR && entry.isDirectory())
  // Whatever else lies at a root is somebody else's.
  if (ours !== undefined) return recordsBelow(join(slashed(folder), OPS_DIR), cwd)
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(slashed(folder), entry.name)
    if (!entry.isDirectory()) {
      if (entry.name.endsWith('.jsonl') && !isLogName(entry.name)) found.push(path)
    } else if (HOLDS_RECORDS.test(entry.name)) found.push(...(await recordsBelow(path, cwd)))
  }
  return found
}

/** A path that was named, and the files that it stands for: a folder for its records. */
export const filesNamed = async (path: string, cwd: string): Promise<readonly string[]> =>
  (await isFolder(resolve(cwd, path))) ? recordsBelow(path, cwd) : [path]
