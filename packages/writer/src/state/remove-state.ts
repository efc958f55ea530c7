import {
  closeSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { KittyError } from '@kitty/record'
import { findWorkTree } from '../project/git-dir.js'
import { sharedFolderOf } from '../project/state-dir.js'
import { excludePathOf, underExcludeLock } from './exclude-lines.js'

/** Every line that this software writes to `info/exclude`, in use or free: for a record, the index, or all records. */
const OWN_LINE =
  /^[/#](?:.*\/)?kitty-ops\/(?:[0-7][0-9A-HJKMNP-TV-Z]{25}\.jsonl|ops-index\.jsonl|\[0-7\]\?{25}\.jsonl)\r?\n?$/

const isFolder = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Removes a folder if nothing is in it. */
const removeEmpty = (folder: string): void => {
  try {
    rmdirSync(folder)
  } catch {
    // Something is in it, or it is gone.
  }
}

/** What this software keeps in a repository beside its records and refs. */
export type KeptState = {
  /** The folders with state: of the repository, of each work tree, and below the roots. Absolute. */
  readonly folders: readonly string[]
  /** How many lines of `info/exclude` belong to this software. */
  readonly excludeLines: number
}

/** Each line of a file, with its line feed. Bytes that are not UTF-8 stay as they are. Empty if it cannot be read. */
const linesOf = (path: string): readonly string[] => {
  try {
    return readFileSync(path, 'latin1').match(/[^\n]*\n|[^\n]+$/g) ?? []
  } catch {
    return []
  }
}

/** Finds the state of the repository of these project roots, and what is below the roots. Changes nothing. */
export const findState = async (roots: readonly string[]): Promise<KeptState> => {
  const [tree] = (await Promise.all(roots.map(findWorkTree))).filter((each) => each !== undefined)
  const inRoots = roots.map((root) => join(root, '.kittify', 'state'))
  if (tree === undefined) return { folders: inRoots.filter(isFolder), excludeLines: 0 }
  const { commonDir } = tree
  const linked = namesIn(join(commonDir, 'worktrees')).map((name) =>
    sharedFolderOf(join(commonDir, 'worktrees', name)),
  )
  const lines = linesOf(excludePathOf(commonDir)).filter((line) => OWN_LINE.test(line))
  return {
    // The folder that all work trees share is the last: it has the writer and the format.
    folders: [...inRoots, ...linked, sharedFolderOf(commonDir)].filter(isFolder),
    excludeLines: lines.length,
  }
}

/**
 * Takes the lines of this software out of `info/exclude`, in place. A file that is empty then is deleted, unless it is a
 * symbolic link.
 */
const removeOwnLines = (path: string): void => {
  const rest = linesOf(path).filter((line) => !OWN_LINE.test(line))
  const bytes = Buffer.from(rest.join(''), 'latin1')
  const file = openSync(path, 'r+')
  try {
    writeSync(file, bytes, 0, bytes.length, 0)
    ftruncateSync(file, bytes.length)
  } finally {
    closeSync(file)
  }
  if (bytes.length > 0 || lstatSync(path).isSymbolicLink()) return
  unlinkSync(path)
  removeEmpty(dirname(path))
}

const notWritable = (path: string, cause: unknown): KittyError =>
  new KittyError('NOT_WRITABLE', `${path} cannot be changed.`, {
    hint: 'Check who owns it. Then uninstall again: it continues from here.',
    cause,
  })

const attempt = (path: string, change: () => void): void => {
  try {
    change()
  } catch (error) {
    throw notWritable(path, error)
  }
}

/**
 * Removes what `findState` has found. Records stay. Throws `LOCK_TIMEOUT` and `NOT_WRITABLE`; then what is left can be
 * removed again.
 */
export const removeState = async (roots: readonly string[]): Promise<void> => {
  const { excludeLines } = await findState(roots)
  const [tree] = (await Promise.all(roots.map(findWorkTree))).filter((each) => each !== undefined)
  if (tree !== undefined && excludeLines > 0) {
    const path = excludePathOf(tree.commonDir)
    await underExcludeLock(tree.commonDir, () => attempt(path, () => removeOwnLines(path)))
  }
  // The lock can have made a folder.
  const { folders } = await findState(roots)
  for (const folder of folders) {
    attempt(folder, () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
    if (folder.endsWith('state')) removeEmpty(dirname(folder))
  }
}
