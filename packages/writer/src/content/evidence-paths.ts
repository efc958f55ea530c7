import { lstatSync } from 'node:fs'
import { dirname } from 'node:path/posix'
import type { OpId, OpRecord } from '@kitty/record'
import { hasRealDirectory } from '../fs/folder.js'
import { evidenceFolder, toAbsolute } from '../project/paths.js'

/** The promoted evidence that a record names, relative to the root. Other files in its folder do not count. */
export const evidencePaths = (id: OpId, { completed }: OpRecord): readonly string[] => {
  const ref = completed?.evidence_ref
  return ref !== undefined && dirname(ref) === evidenceFolder(id) ? [ref] : []
}

/** Whether there is a regular file at a path, with no symbolic link on the way to it. */
export const isOwnFile = (root: string, path: string): boolean => {
  try {
    return hasRealDirectory(root, dirname(path)) && lstatSync(toAbsolute(root, path)).isFile()
  } catch {
    return false
  }
}
