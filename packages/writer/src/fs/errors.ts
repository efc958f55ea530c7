import { KittyError, type KittyErrorCode } from '@kitty/record'

/** The `code` of an error from the operating system, such as `ENOENT`. */
export const errnoOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined

const UNSUPPORTED = new Set(['EINVAL', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'])

/** Whether the file system does not know the call: on network mounts and those of user programs, some always fail. */
export const isUnsupported = (error: unknown): boolean => UNSUPPORTED.has(errnoOf(error) ?? '')

/** Returns true on success and false if it fails with `code`. Any other error is rethrown. */
export const ignoreErrnoAsync = async (code: string, fn: Promise<unknown>): Promise<boolean> => {
  try {
    await fn
    return true
  } catch (error) {
    if (errnoOf(error) === code) return false
    throw error
  }
}

/** The same for a synchronous function. */
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
export const hasCode = (error: unknown, code: KittyErrorCode): boolean =>
  error instanceof KittyError && error.code === code

type ErrorShape = readonly [code: KittyErrorCode, message: string, hint: string]

const FULL: ErrorShape = ['DISK_FULL', 'No space left to write', 'Free some space, then try again.']
const NOT_WRITABLE: ErrorShape = [
  'NOT_WRITABLE',
  'No permission to write',
  'Check who owns the file and its folder, and whether the disk is mounted read-only.',
]
const LINK: ErrorShape = [
  'SYMLINK_REFUSED',
  'Refused to follow a symbolic link:',
  'Replace it with a real file or folder: records and their folders cannot be symbolic links.',
]

const WRITING: Readonly<Record<string, ErrorShape>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EACCES: NOT_WRITABLE,
  EPERM: NOT_WRITABLE,
  EROFS: NOT_WRITABLE,
  ELOOP: LINK,
  EMLINK: LINK, // FreeBSD's error for O_NOFOLLOW
  EEXIST: [
    'ALREADY_EXISTS',
    'Already exists:',
    'Move it elsewhere, then try again. It was left unchanged.',
  ],
  ENOENT: [
    'NOT_FOUND',
    'No such file or folder:',
    'Check whether it was moved or deleted in the meantime.',
  ],
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
  (table: Readonly<Record<string, ErrorShape>>, code: KittyErrorCode, verb: string) =>
  (error: unknown, path: string): KittyError => {
    if (error instanceof KittyError) return error
    const reason = error instanceof Error ? error.message : String(error)
    const fallback: ErrorShape = [code, `Could not ${verb}`, `The system reported: ${reason}`]
    const [known, message, hint] = table[errnoOf(error) ?? ''] ?? fallback
    return new KittyError(known, `${message} ${path}`, { hint, cause: error })
  }

/** Turns a failed write into a `KittyError`: `DISK_FULL`, `NOT_WRITABLE`, …, or else `WRITE_FAILED`. */
export const writeError = toKittyError(WRITING, 'WRITE_FAILED', 'write')

/** Turns a failed read into a `KittyError`: `NOT_READABLE`, …, or else `READ_FAILED`. */
export const readError = toKittyError(READING, 'READ_FAILED', 'read')

const READING_CALLS = new Set([
  'open',
  'read',
  'scandir',
  'opendir',
  'stat',
  'lstat',
  'fstat',
  'readlink',
  'realpath',
])

/** Returns a `KittyError` for an error of a file system call, and any other error as it is. */
export const explainSystemError = (error: unknown): unknown => {
  const errno = errnoOf(error)
  if (errno === undefined || !(error instanceof Error && 'syscall' in error)) return error
  const call = String(error.syscall)
  if (call.startsWith('spawn')) return error
  const path = 'path' in error ? String(error.path) : 'a file'
  const isReading = READING_CALLS.has(call) && (errno in READING || !(errno in WRITING))
  return isReading ? readError(error, path) : writeError(error, path)
}

/** Throws an error; one of a file system call as a `KittyError`. */
export const throwExplained = (error: unknown): never => {
  throw explainSystemError(error)
}

/** The `SYMLINK_REFUSED` error for a symbolic link where a real file or folder must be. */
export const linkRefused = (path: string): KittyError =>
  writeError(Object.assign(new Error('symbolic link'), { code: 'ELOOP' }), path)
