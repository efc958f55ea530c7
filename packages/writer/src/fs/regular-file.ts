import { closeSync, constants, lstatSync, openSync, readFileSync } from 'node:fs'
import { KittyError } from '@kitty/record'
import { errnoOf, linkRefused, readError } from './errors.js'

// Windows knows neither flag: there `lstat` alone must do. Without O_NONBLOCK a pipe would block.
const SAFE_FLAGS = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

const notAFile = (path: string): KittyError =>
  new KittyError('NOT_A_FILE', `There is no regular file at ${path}`, {
    hint: 'Something else is in its place. Move it away, then try again.',
  })

/**
 * Refuses a link (`SYMLINK_REFUSED`) and what is no file (`NOT_A_FILE`). It looks before anything is
 * opened, because merely opening a device or a pipe can have effects.
 */
export const assertRegularFile = (path: string): void => {
  const info = lstatSync(path)
  if (info.isSymbolicLink()) throw linkRefused(path)
  if (!info.isFile()) throw notAFile(path)
}

/**
 * Opens a regular file and nothing else. `listed`: its folder has just said that it is one. Errors are those
 * of the system, or `SYMLINK_REFUSED`, `NOT_A_FILE`.
 */
export const openRegular = (path: string, flags: number, listed = false): number => {
  // A link that took its place since then is refused by the flag, where there is one.
  if (!listed || constants.O_NOFOLLOW === undefined) assertRegularFile(path)
  return openSync(path, flags | SAFE_FLAGS)
}

const MISSING = new Set(['ENOENT', 'ENOTDIR'])

/**
 * The bytes of a regular file; `undefined` where there is none. `listed` as for `openRegular`. Throws `SYMLINK_REFUSED`,
 * `NOT_A_FILE`, `NOT_READABLE`, `READ_FAILED`.
 */
export const readRegularSync = (path: string, listed = false): Buffer | undefined => {
  try {
    const file = openRegular(path, constants.O_RDONLY, listed)
    try {
      return readFileSync(file)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    if (MISSING.has(errnoOf(error) ?? '')) return undefined
    throw readError(error, path)
  }
}

/** The same as a promise, for callers that wait for the disk in other ways too. */
export const readRegular = async (path: string): Promise<Buffer | undefined> =>
  readRegularSync(path)
