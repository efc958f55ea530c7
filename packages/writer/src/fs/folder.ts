import { lstatSync, mkdirSync, realpathSync, type Stats } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { KittyError } from '@kitty/record'
import type { Durability } from './durability.js'
import { errnoOf, ignoreErrno, linkRefused, readError, writeError } from './errors.js'

/** One spelling for each folder: absolute, symbolic links resolved as far as it exists. */
export const canonicalPath = (folder: string): string => {
  try {
    return realpathSync.native(folder)
  } catch {
    return resolve(folder)
  }
}

// Windows cannot open a folder, and some file systems cannot sync one; there, names reach the disk
// by the file system's own journal.
const CANNOT_SYNC = new Set(['EPERM', 'EACCES', 'EISDIR', 'EINVAL', 'ENOTSUP'])

const unlessItCannot = (path: string) => (error: unknown) => {
  if (!CANNOT_SYNC.has(errnoOf(error) ?? '')) throw writeError(error, path)
}

/** Makes the names in a folder survive a power loss. Does nothing where the platform cannot. */
export const syncFolder = async (path: string): Promise<void> => {
  const handle = await open(path, 'r').catch(unlessItCannot(path))
  if (handle === undefined) return
  await handle
    .sync()
    .catch(unlessItCannot(path))
    .finally(() => handle.close())
}

const look = (path: string): Stats | undefined => {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    throw readError(error, path)
  }
}

/**
 * Whether a folder is there, as a folder of its own. Throws `SYMLINK_REFUSED` for a symbolic link (on
 * Windows a junction too) and `NOT_A_FOLDER` for a file.
 */
export const isRealDirectory = (path: string): boolean => {
  const info = look(path)
  if (info === undefined || info.isDirectory()) return info !== undefined
  if (info.isSymbolicLink()) throw linkRefused(path)
  throw new KittyError('NOT_A_FOLDER', `There is a file where a folder must be: ${path}`, {
    hint: 'Move it away, then try again.',
  })
}

const makeFolder = async (path: string, durability: Durability): Promise<void> => {
  if (isRealDirectory(path)) return
  try {
    ignoreErrno('EEXIST', () => mkdirSync(path))
  } catch (error) {
    throw writeError(error, path)
  }
  // Whoever was faster may have put a link there.
  isRealDirectory(path)
  if (durability === 'power') await syncFolder(dirname(path))
}

const stepsTo = (base: string, relative: string): readonly string[] => {
  const names = relative.split('/')
  return names.map((_, at) => join(base, ...names.slice(0, at + 1)))
}

/**
 * Whether a folder below a base folder is there, every step to it a real folder. `relative` has `/`.
 * Throws as `isRealDirectory` does.
 */
export const hasRealDirectory = (base: string, relative: string): boolean =>
  stepsTo(base, relative).every(isRealDirectory)

/**
 * Makes a folder below a base folder, step by step, and gives its absolute path. `relative` has `/`.
 * Every step below the base must be a real folder: throws `SYMLINK_REFUSED`, `NOT_A_FOLDER`,
 * `DISK_FULL`, `NOT_WRITABLE`, `WRITE_FAILED`.
 */
export const ensureFolder = async (
  base: string,
  relative: string,
  durability: Durability,
): Promise<string> => {
  for (const step of stepsTo(base, relative)) await makeFolder(step, durability)
  return join(base, relative)
}
