import { randomBytes } from 'node:crypto'
import { closeSync, constants, fsync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs'
import { stat, truncate } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Durability } from './durability.js'
import { ignoreErrno, writeError } from './errors.js'
import { syncFolder } from './folder.js'
import { assertRegularFile, openRegular } from './regular-file.js'

// Records are small: a synchronous call takes microseconds, less than its way through the thread pool.
// Only waiting for the disk is worth that way.

/** Waits until the disk holds what an open file has. Throws what the system throws. */
export const syncToDisk = promisify(fsync)

const isWindows = process.platform === 'win32'

const openToSync = (path: string): number | undefined => {
  try {
    return openSync(path, isWindows ? 'r+' : 'r')
  } catch (error) {
    // Windows syncs only what it may write, and git's objects are read-only.
    if (isWindows) return undefined
    throw error
  }
}

/** Sees that a file is on the platter. Git does so by itself only since 2.36. Throws what the system throws. */
export const syncFile = async (path: string): Promise<void> => {
  const file = openToSync(path)
  if (file !== undefined) await syncToDisk(file).finally(() => closeSync(file))
}

/** One call, so that no reader sees half a line; more only where the system took less. */
const writeAll = (file: number, bytes: Buffer): void => {
  let written = 0
  do written += writeSync(file, bytes, written)
  while (written < bytes.length)
}

const writeAndClose = async (
  file: number,
  bytes: string | Uint8Array,
  durability: Durability,
): Promise<void> => {
  try {
    writeAll(file, Buffer.from(bytes))
    if (durability === 'power') await syncToDisk(file)
  } finally {
    closeSync(file)
  }
}

/** Takes a file away that is in nobody's way where that fails. */
export const tryUnlink = (path: string): void => {
  try {
    unlinkSync(path)
  } catch {
    // There is no better place for it now; the caller hears of what went wrong before.
  }
}

/** Writes a file that must not be there yet, and syncs the file but not its folder. Throws raw errors. */
export const writeNewFile = async (
  path: string,
  bytes: string | Uint8Array,
  durability: Durability,
): Promise<void> => {
  const file = openSync(path, 'wx', 0o644)
  try {
    await writeAndClose(file, bytes, durability)
  } catch (error) {
    // The half file is ours: the open would have failed on anybody else's.
    tryUnlink(path)
    throw error
  }
}

/**
 * Writes a file that must not be there yet, whole or not at all as long as the process lives.
 * Throws `ALREADY_EXISTS` (a symbolic link counts), `DISK_FULL`, `NOT_WRITABLE`, `WRITE_FAILED`.
 */
export const createFile = async (
  path: string,
  bytes: string | Uint8Array,
  durability: Durability,
): Promise<void> => {
  await writeNewFile(path, bytes, durability).catch((error: unknown) => {
    throw writeError(error, path)
  })
  if (durability === 'power') await syncFolder(dirname(path))
}

/**
 * Appends to a regular file that is there, in one write. Throws `NOT_FOUND`, `SYMLINK_REFUSED`,
 * `NOT_A_FILE`, `DISK_FULL`, `NOT_WRITABLE`, `WRITE_FAILED`; after a throw the file may end torn.
 */
export const appendFile = async (
  path: string,
  bytes: string | Uint8Array,
  durability: Durability,
): Promise<void> => {
  try {
    const file = openRegular(path, constants.O_WRONLY | constants.O_APPEND)
    await writeAndClose(file, bytes, durability)
  } catch (error) {
    throw writeError(error, path)
  }
}

/**
 * Puts new bytes in place of a file, or makes it: readers see the old ones or the new ones, never a
 * mixture. Throws as `createFile` does, and `SYMLINK_REFUSED`.
 */
export const replaceFile = async (
  path: string,
  bytes: string | Uint8Array,
  durability: Durability,
): Promise<void> => {
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    ignoreErrno('ENOENT', () => assertRegularFile(path))
    await writeNewFile(beside, bytes, durability)
    renameSync(beside, path)
  } catch (error) {
    tryUnlink(beside)
    throw writeError(error, path)
  }
  if (durability === 'power') await syncFolder(dirname(path))
}

/**
 * Takes a failed append back off the end of a file, so that no torn line stays. A file that has the
 * whole of it is left alone, and so is one that cannot be cut: readers cope with a torn tail.
 */
export const truncateTo = async (path: string, before: number, whole: number): Promise<void> => {
  const size = await stat(path).then(
    (info) => info.size,
    () => before,
  )
  if (size > before && size < whole) await truncate(path, before).catch(() => undefined)
}
