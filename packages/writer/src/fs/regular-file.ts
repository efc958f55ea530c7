import { closeSync, constants, lstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { KittyError } from '@kitty/record'
import { errnoOf, linkRefused, readError } from './errors.js'

// Windows has neither flag; only `lstat` protects there. Without O_NONBLOCK, opening a pipe would block.
const SAFE_FLAGS = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

const notAFile = (path: string): KittyError =>
  new KittyError('NOT_A_FILE', `Not a regular file: ${path}`, {
    hint: 'Move it elsewhere, then try again.',
  })

/**
 * Throws `SYMLINK_REFUSED` for a symbolic link and `NOT_A_FILE` for anything else that is not a regular file.
 * Does not open the path: opening a device or a pipe can have side effects.
 */
export const assertRegularFile = (path: string): void => {
  const info = lstatSync(path)
  if (info.isSymbolicLink()) throw linkRefused(path)
  if (!info.isFile()) throw notAFile(path)
}

/**
 * Opens a regular file and nothing else. `listed`: a directory listing has just shown that it is one. Throws
 * system errors, `SYMLINK_REFUSED`, `NOT_A_FILE`.
 */
export const openRegular = (path: string, flags: number, listed = false): number => {
  // O_NOFOLLOW, where it exists, refuses a symbolic link that replaced the file since the listing.
  if (!listed || constants.O_NOFOLLOW === undefined) assertRegularFile(path)
  return openSync(path, flags | SAFE_FLAGS)
}

const MISSING = new Set(['ENOENT', 'ENOTDIR'])

/** Reads an open file into `room`. The result is a part of it if the file fits. */
const readInto = (file: number, room: Buffer): Buffer => {
  const length = readSync(file, room, 0, room.length, null)
  // POSIX: a regular file gives less than was asked for only at its end.
  return length < room.length ? room.subarray(0, length) : Buffer.concat([room, readFileSync(file)])
}

/**
 * Reads a regular file. Returns `undefined` if it does not exist. `listed` as for `openRegular`. With `room`, the result
 * can be a part of it: for many files, new memory for each takes longer than reading. Throws `SYMLINK_REFUSED`,
 * `NOT_A_FILE`, `NOT_READABLE`, `READ_FAILED`.
 */
export const readRegularSync = (
  path: string,
  listed = false,
  room?: Buffer,
): Buffer | undefined => {
  try {
    const file = openRegular(path, constants.O_RDONLY, listed)
    try {
      return room === undefined ? readFileSync(file) : readInto(file, room)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    if (MISSING.has(errnoOf(error) ?? '')) return undefined
    throw readError(error, path)
  }
}

/** Like `readRegularSync`, but asynchronous. */
export const readRegular = async (path: string): Promise<Buffer | undefined> =>
  readRegularSync(path)

/** Identifies this copy of a file; a branch switch may replace it. Returns `undefined` if it is missing. */
export const fileVersion = (path: string): string | undefined => {
  const info = lstatSync(path, { throwIfNoEntry: false })
  return info && `${info.ino} ${info.mtimeMs} ${info.size}\n`
}
