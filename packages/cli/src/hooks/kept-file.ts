import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import { KittyError } from '@kitty/record'
import { replaceFile } from '@kitty/writer/internals'

/** True below a file that is where a folder should be, so that there is nothing. */
const isBelowFile = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOTDIR'

/** The file itself: a symbolic link is followed, also one that leads to no file yet. */
export const targetOf = (path: string): string => {
  try {
    return realpathSync.native(path)
  } catch (error) {
    if (isBelowFile(error)) return path
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
    if (isLink) return resolve(dirname(path), readlinkSync(path))
    return path
  }
}

/** Reads a file. Returns `undefined` if there is none. Throws `NOT_READABLE`. */
export const readKept = (target: string): Buffer | undefined => {
  try {
    return statSync(target, { throwIfNoEntry: false }) && readFileSync(target)
  } catch (error) {
    if (isBelowFile(error)) return undefined
    throw new KittyError('NOT_READABLE', `${target} cannot be read.`, { cause: error })
  }
}

const foldersToCreate = (folder: string): readonly string[] => {
  if (statSync(folder, { throwIfNoEntry: false }) || dirname(folder) === folder) return []
  return [...foldersToCreate(dirname(folder)), folder]
}

/** Another hard link, another owner or group: a new file in its place would not be the same file. */
const isShared = ({ nlink, uid, gid }: ReturnType<typeof statSync> & object): boolean =>
  nlink > 1 ||
  (process.getuid !== undefined && Number(uid) !== process.getuid()) ||
  (process.getgid !== undefined && Number(gid) !== process.getgid())

/** Whether a file cannot be replaced because it is mounted on its own, as containers do with settings. */
const isMounted = (error: unknown): boolean =>
  error instanceof Error &&
  error.cause instanceof Error &&
  'code' in error.cause &&
  error.cause.code === 'EBUSY'

const replace = async (target: string, bytes: Buffer): Promise<void> => {
  try {
    await replaceFile(target, bytes, 'process')
  } catch (error) {
    if (!isMounted(error)) throw error
    writeFileSync(target, bytes)
  }
}

/**
 * Writes a file, and keeps its mode, its owner and its links. Returns the folders that were created. Throws
 * `NOT_WRITABLE`, `WRITE_FAILED`.
 */
export const writeKept = async (target: string, bytes: Buffer): Promise<readonly string[]> => {
  const folders = foldersToCreate(dirname(target))
  try {
    if (folders.length > 0) mkdirSync(dirname(target), { recursive: true })
    const info = statSync(target, { throwIfNoEntry: false })
    if (info && isShared(info)) writeFileSync(target, bytes)
    else {
      await replace(target, bytes)
      if (info) chmodSync(target, info.mode & 0o7777)
    }
  } catch (error) {
    if (error instanceof KittyError) throw error
    throw new KittyError('NOT_WRITABLE', `${target} cannot be written.`, { cause: error })
  }
  return folders
}

/** Deletes a file, and the folders of a list that are empty then. */
export const deleteKept = (target: string, folders: readonly string[]): void => {
  unlinkSync(target)
  try {
    for (const folder of folders.toReversed()) rmdirSync(folder)
  } catch {
    // Something else is in it.
  }
}
