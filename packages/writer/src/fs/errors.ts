import { KittyError } from '@kitty/record'

/** The `code` of an error from the operating system, such as `ENOENT`. */
export const errnoOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined

/** True when the deed was done, false when it failed with just this code; other errors are thrown. */
export const ignoreErrnoAsync = async (code: string, fn: Promise<unknown>): Promise<boolean> => {
  try {
    await fn
    return true
  } catch (error) {
    if (errnoOf(error) === code) return false
    throw error
  }
}

/** The same for a synchronous deed. */
export const ignoreErrno = (code: string, fn: () => void): boolean => {
  try {
    fn()
    return true
  } catch (error) {
    if (errnoOf(error) === code) return false
    throw error
  }
}

/** True for a `KittyError` with this code. */
export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof KittyError && error.code === code

type ErrorShape = readonly [code: string, message: string, hint: string]

const FULL: ErrorShape = ['DISK_FULL', 'No space left for', 'Free some space, then try again.']
const NOT_WRITABLE: ErrorShape = [
  'NOT_WRITABLE',
  'No permission to write',
  'Check who owns the file and its folder, and whether the disk is mounted read-only.',
]
const LINK: ErrorShape = [
  'SYMLINK_REFUSED',
  'Refused to follow a symbolic link:',
  'Records and their folders are never symbolic links. Replace it with a real one.',
]

const WRITING: Readonly<Record<string, ErrorShape>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EACCES: NOT_WRITABLE,
  EPERM: NOT_WRITABLE,
  EROFS: NOT_WRITABLE,
  ELOOP: LINK,
  EMLINK: LINK, // what FreeBSD says to O_NOFOLLOW
  EEXIST: ['ALREADY_EXISTS', 'There is already something at', 'It was left as it is.'],
  ENOENT: ['NOT_FOUND', 'There is nothing at', 'It may have been moved or removed meanwhile.'],
}

const NOT_READABLE: ErrorShape = [
  'NOT_READABLE',
  'No permission to read',
  'Check who owns the file and its folder.',
]

const READING: Readonly<Record<string, ErrorShape>> = {
  ELOOP: LINK,
  EMLINK: LINK,
  EACCES: NOT_READABLE,
  EPERM: NOT_READABLE,
}

const toKittyError =
  (table: Readonly<Record<string, ErrorShape>>, code: string, verb: string) =>
  (error: unknown, path: string): KittyError => {
    if (error instanceof KittyError) return error
    const words = error instanceof Error ? error.message : String(error)
    const otherwise: ErrorShape = [code, `Could not ${verb}`, `The system said: ${words}`]
    const [known, message, hint] = table[errnoOf(error) ?? ''] ?? otherwise
    return new KittyError(known, `${message} ${path}`, { hint, cause: error })
  }

/** What a failed write means to a person: `DISK_FULL`, `NOT_WRITABLE`, …, else `WRITE_FAILED`. */
export const writeError = toKittyError(WRITING, 'WRITE_FAILED', 'write')

/** What a failed read means to a person: `NOT_READABLE`, …, else `READ_FAILED`. */
export const readError = toKittyError(READING, 'READ_FAILED', 'read')

/** The refusal of a symbolic link where a real file or folder must be. */
export const linkRefused = (path: string): KittyError =>
  writeError(Object.assign(new Error('symbolic link'), { code: 'ELOOP' }), path)
