import { lstatSync } from 'node:fs'
import { dirname } from 'node:path/posix'
import type { OpId, OpRecord } from '@kitty/record'
import { hasRealDirectory } from '../fs/folder.js'
import { evidenceFolder, toAbsolute } from '../project/paths.js'

/** The evidence that a record says was promoted, relative to the root. Whatever else lies in its folder is not it. */
export const evidencePaths = (id: OpId, { completed }: OpRecord): readonly string[] => {
  const ref = completed?.evidence_ref
  return ref !== undefined && dirname(ref) === evidenceFolder(id) ? [ref] : []
}

/** Whether there is a regular file of its own at a path; what a symbolic link leads to belongs to somebody else. */
export const isOwnFile = (root: string, path: string): boolean => {
  try {
    return hasRealDirectory(root, dirname(path)) && lstatSync(toAbsolute(root, path)).isFile()
  } catch {
    return false
  }
}
