import { randomBytes } from 'node:crypto'
import { closeSync, constants, fsync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs'
import { stat, truncate } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Durability } from './durability.js'
import { ignoreErrno, isUnsupported, writeError } from './errors.js'
import { syncFolder } from './folder.js'
import { assertRegularFile, openRegular } from './regular-file.js'
import { shareLikeGit } from './shared-repository.js'

// Records are small: a synchronous call takes microseconds, less than the detour through the thread pool.
// Only `fsync` waits for the disk and is asynchronous.

const sync = promisify(fsync)

let isSyncKnown = true

/** Whether every file so far could be synced. Where one could not, git cannot sync its files either. */
export const canSync = (): boolean => isSyncKnown

/**
 * Flushes an open file to stable storage (`fsync`). Does nothing if its file system cannot: then nothing can be more
 * durable there. Throws system errors.
 */
export const syncToDisk = async (file: number): Promise<void> => {
  try {
    await sync(file)
  } catch (error) {
    if (!isUnsupported(error)) throw error
    isSyncKnown = false
  }
}

const isWindows = process.platform === 'win32'

const openToSync = (path: string): number | undefined => {
  try {
    return openSync(path, isWindows ? 'r+' : 'r')
  } catch (error) {
    // Windows can sync only writable files, and git's objects are read-only.
    if (isWindows) return undefined
    throw error
  }
}

/** Flushes a file to stable storage (`fsync`), as git itself does only since 2.36. Throws system errors. */
export const syncFile = async (path: string): Promise<void> => {
  const file = openToSync(path)
  if (file !== undefined) await syncToDisk(file).finally(() => closeSync(file))
}

/** Writes in one call, so that no reader sees half a line; in more only after a short write. */
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

/** Deletes a file if possible. Never throws; a leftover is harmless. */
export const tryUnlink = (path: string): void => {
  try {
    unlinkSync(path)
  } catch {
    // The caller reports the earlier error.
  }
}

/** Writes a new file and syncs it, but not its folder. Throws system errors, `EEXIST` if there is a file. */
export const writeNewFile = async (
  path: string,
  bytes: string | Uint8Array,
  durability: Durability,
): Promise<void> => {
  const file = openSync(path, 'wx')
  try {
    shareLikeGit(path)
    await writeAndClose(file, bytes, durability)
  } catch (error) {
    // The partial file was created here: opening an existing one would have failed.
    tryUnlink(path)
    throw error
  }
}

/** The same for a few bytes that need not survive a power loss. */
export const writeNewFileSync = (path: string, bytes: string): void => {
  const file = openSync(path, 'wx')
  try {
    writeAll(file, Buffer.from(bytes))
    shareLikeGit(path)
  } catch (error) {
    tryUnlink(path)
    throw error
  } finally {
    closeSync(file)
  }
}

/**
 * Creates a file, whole or not at all as long as the process lives.
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
 * Appends to an existing regular file, in one write. Throws `NOT_FOUND`, `SYMLINK_REFUSED`, `NOT_A_FILE`,
 * `DISK_FULL`, `NOT_WRITABLE`, `WRITE_FAILED`; after an error the last line of the file may be torn.
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
 * Replaces a file atomically, or creates it: readers see either the old bytes or the new ones. Throws
 * `SYMLINK_REFUSED`, `NOT_A_FILE`, `DISK_FULL`, `NOT_WRITABLE`, `WRITE_FAILED`.
 */
export const replaceFile = async (
  path: string,
  bytes: string | Uint8Array,
  durability: Durability,
): Promise<void> => {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    ignoreErrno('ENOENT', () => assertRegularFile(path))
    await writeNewFile(temporary, bytes, durability)
    renameSync(temporary, path)
  } catch (error) {
    tryUnlink(temporary)
    throw writeError(error, path)
  }
  if (durability === 'power') await syncFolder(dirname(path))
}

/**
 * Undoes a failed append, so that no torn line stays: truncates the file to `before` bytes unless it has all
 * `whole` bytes. A file that cannot be truncated is left as is: readers tolerate a torn tail.
 */
export const truncateTo = async (path: string, before: number, whole: number): Promise<void> => {
  const size = await stat(path).then(
    (info) => info.size,
    () => before,
  )
  if (size > before && size < whole) await truncate(path, before).catch(() => undefined)
}
