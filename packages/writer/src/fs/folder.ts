import { randomBytes } from 'node:crypto'
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  type Stats,
  unlinkSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { KittyError } from '@kitty/record'
import type { Durability } from './durability.js'
import {
  errnoOf,
  ignoreErrno,
  isUnsupported,
  linkRefused,
  readError,
  writeError,
} from './errors.js'
import { onDiskPath } from './on-disk-path.js'
import { shareLikeGit } from './shared-repository.js'

/** The canonical path of a folder: absolute, and if it exists, with symbolic links resolved and each name as it is listed. */
export const canonicalPath = (folder: string): string => {
  try {
    return onDiskPath(realpathSync.native(folder))
  } catch {
    return resolve(folder)
  }
}

// Windows cannot open a folder, and some file systems cannot sync one; there, the file system's journal
// makes names durable.
const CANNOT_OPEN = new Set(['EPERM', 'EACCES', 'EISDIR'])

const ignoreUnsupported = (path: string) => (error: unknown) => {
  if (!CANNOT_OPEN.has(errnoOf(error) ?? '') && !isUnsupported(error)) {
    throw writeError(error, path)
  }
}

/** Flushes the names in a folder to stable storage. Does nothing if the platform does not support it. */
export const syncFolder = async (path: string): Promise<void> => {
  const handle = await open(path, 'r').catch(ignoreUnsupported(path))
  if (handle === undefined) return
  await handle
    .sync()
    .catch(ignoreUnsupported(path))
    .finally(() => handle.close())
}

const lstatOf = (path: string): Stats | undefined => {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    throw readError(error, path)
  }
}

/**
 * Whether a real folder exists. Throws `SYMLINK_REFUSED` for a symbolic link (on Windows also for a junction)
 * and `NOT_A_FOLDER` for a file.
 */
export const isRealDirectory = (path: string): boolean => {
  const info = lstatOf(path)
  if (info === undefined || info.isDirectory()) return info !== undefined
  if (info.isSymbolicLink()) throw linkRefused(path)
  throw new KittyError('NOT_A_FOLDER', `Not a folder: ${path}`, {
    hint: 'Move it elsewhere, then try again.',
  })
}

const makeFolder = async (path: string, durability: Durability): Promise<void> => {
  if (isRealDirectory(path)) return
  try {
    if (ignoreErrno('EEXIST', () => mkdirSync(path))) shareLikeGit(path)
  } catch (error) {
    throw writeError(error, path)
  }
  // Another process may have created a symbolic link first.
  isRealDirectory(path)
  if (durability === 'power') await syncFolder(dirname(path))
}

const NOT_ALLOWED = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR'])

/**
 * Whether a file may be created in a folder: tries it, because permissions do not say it for every file system and
 * user. A full disk or another fault does not count as a refusal. Never throws.
 */
export const canCreateIn = (folder: string): boolean => {
  const path = join(folder, `.probe.${randomBytes(6).toString('hex')}`)
  try {
    closeSync(openSync(path, 'wx'))
    unlinkSync(path)
    return true
  } catch (error) {
    return !NOT_ALLOWED.has(errnoOf(error) ?? '')
  }
}

const stepsTo = (base: string, relative: string): readonly string[] => {
  const names = relative.split('/')
  return names.map((_, at) => join(base, ...names.slice(0, at + 1)))
}

/**
 * Whether a folder exists below a base folder, with a real folder at every step. `relative` has `/`.
 * Throws as `isRealDirectory` does.
 */
export const hasRealDirectory = (base: string, relative: string): boolean =>
  stepsTo(base, relative).every(isRealDirectory)

/**
 * Creates a folder below a base folder, step by step. Returns its absolute path. `relative` has `/`.
 * Every step below the base must be a real folder. Throws `SYMLINK_REFUSED`, `NOT_A_FOLDER`,
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

/** Whether a folder is a submodule, or another work tree whose git directory is elsewhere. */
export const isNestedWorkTree = (folder: string): boolean => {
  try {
    return lstatSync(join(folder, '.git'), { throwIfNoEntry: false })?.isFile() === true
  } catch {
    // It is no folder, or cannot be read: the caller's own access says so.
    return false
  }
}

/**
 * Throws `NESTED_REPOSITORY` if a folder below a base folder, or one on the way to it, is a submodule: the repository
 * around it commits nothing in there. `relative` has `/`.
 */
export const refuseNestedRepository = (base: string, relative: string): void => {
  const nested = stepsTo(base, relative).find(isNestedWorkTree)
  if (nested === undefined) return
  const message = `The folder belongs to another repository, for example as a submodule: ${nested}`
  throw new KittyError('NESTED_REPOSITORY', message, {
    hint: 'Move it elsewhere, then try again: the repository of the project cannot commit what is in it.',
  })
}
