import { lstatSync } from 'node:fs'
import { dirname } from 'node:path/posix'
import { type ClosedRecord, type OpId, type OpRecord, parseOpRecord } from '@kitty/record'
import type { Durability } from '../fs/durability.js'
import { createFile } from '../fs/durable-file.js'
import { hasCode, ignoreErrno } from '../fs/errors.js'
import { ensureFolder, hasRealDirectory, refuseNestedRepository } from '../fs/folder.js'
import { assertRegularFile, readRegularSync } from '../fs/regular-file.js'
import { ATTRIBUTES_PATH, archivedPath, OPS_DIR, recordPath, toAbsolute } from '../project/paths.js'
import { asClosedBeside } from './closures.js'

/**
 * Creates `kitty-ops/` if it is missing. The first commit creates its `.gitattributes` (see `ensureAttributes`), but
 * a symbolic link with that name is refused now. Throws `SYMLINK_REFUSED`, `NOT_A_FILE`, `NESTED_REPOSITORY`, and what
 * `ensureFolder` throws.
 */
export const ensureOpsFolder = async (root: string, durability: Durability): Promise<void> => {
  await ensureFolder(root, OPS_DIR, durability)
  refuseNestedRepository(root, OPS_DIR)
  ignoreErrno('ENOENT', () => assertRegularFile(toAbsolute(root, ATTRIBUTES_PATH)))
}

/** A record as it is on disk. */
export type OpFile = {
  /** Parsed from the bytes; `beside` if only `op-closures.jsonl` closes the Op. */
  readonly record: OpRecord
  readonly bytes: Buffer
  /** Relative to the root, with `/`. */
  readonly path: string
}

/** The record of a closed Op as it is on disk. */
export type ClosedOpFile = OpFile & { readonly record: ClosedRecord }

export const isClosedFile = (file: OpFile): file is ClosedOpFile => file.record.status === 'closed'

/** The file of a record: its bytes, parsed as the root has the Op. */
export const opFileOf = (
  root: string,
  id: OpId,
  { bytes, path }: Pick<OpFile, 'bytes' | 'path'>,
): OpFile => ({ record: asClosedBeside(root, parseOpRecord(bytes, { opId: id })), bytes, path })

/**
 * Writes the record of a new Op. Returns its path relative to the root. Creates `kitty-ops/` for the first Op.
 * Throws what `createFile` and `ensureOpsFolder` throw.
 */
export const createRecord = async (
  root: string,
  id: OpId,
  line: string,
  durability: Durability,
): Promise<string> => {
  const path = recordPath(id)
  await ensureOpsFolder(root, durability)
  await createFile(toAbsolute(root, path), line, durability)
  return path
}

/** An Op that has a record file, whatever its content. */
export type RecordLocation = {
  readonly id: OpId
  /** Relative to the root, with `/`. */
  readonly path: string
  /** True if a directory listing has just shown that it is a regular file, not a symbolic link or a folder. */
  readonly isFile?: boolean | undefined
}

/**
 * Reads the bytes of a record at a known path, without checking the folders on the way to it. Returns `undefined` if it
 * does not exist. `room` as for `readRegularSync`. Throws `SYMLINK_REFUSED`, `NOT_A_FILE`, `NOT_READABLE`, `READ_FAILED`.
 */
export const readRecordBytesAt = (
  root: string,
  { path, isFile }: Omit<RecordLocation, 'id'>,
  room?: Buffer,
): Buffer | undefined => readRegularSync(toAbsolute(root, path), isFile, room)

/** Reads and parses a record at a known path; see `readRecordBytesAt`. */
export const readRecordAt = (root: string, place: RecordLocation): OpFile | undefined => {
  const bytes = readRecordBytesAt(root, place)
  return bytes && opFileOf(root, place.id, { bytes, path: place.path })
}

/** Like `readRecordAt`, but also returns `undefined` if the record cannot be read. */
export const tryReadRecordAt = (root: string, place: RecordLocation): OpFile | undefined => {
  try {
    return readRecordAt(root, place)
  } catch {
    return undefined
  }
}

/**
 * Whether a folder that can hold records exists. A file instead of the archive, or in it, counts as no folder. Throws
 * `SYMLINK_REFUSED`, and `NOT_A_FOLDER` if `kitty-ops` itself is a file.
 */
export const hasRecordFolder = (root: string, folder: string): boolean => {
  try {
    return hasRealDirectory(root, folder)
  } catch (error) {
    if (folder !== OPS_DIR && hasCode(error, 'NOT_A_FOLDER') && hasRealDirectory(root, OPS_DIR)) {
      return false
    }
    throw error
  }
}

/** Whether anything exists at the record path of an Op, hot or archived. Throws as `hasRecordFolder` does. */
export const hasRecord = (root: string, id: OpId): boolean =>
  [recordPath(id), archivedPath(id)].some(
    (path) =>
      hasRecordFolder(root, dirname(path)) &&
      lstatSync(toAbsolute(root, path), { throwIfNoEntry: false }) !== undefined,
  )

/**
 * Reads the bytes of an Op's record from the hot folder, or else from the archive. Returns `undefined` if it is in
 * neither. Throws `SYMLINK_REFUSED`, `NOT_A_FILE`, `READ_FAILED`, ….
 */
export const readRecordBytes = async (
  root: string,
  id: OpId,
): Promise<Omit<OpFile, 'record'> | undefined> => {
  for (const path of [recordPath(id), archivedPath(id)]) {
    if (!hasRecordFolder(root, dirname(path))) continue
    const bytes = readRegularSync(toAbsolute(root, path))
    if (bytes !== undefined) return { bytes, path }
  }
  return undefined
}

/** Reads and parses the record of an Op; see `readRecordBytes`. Damage is listed in `record.problems`. */
export const readRecord = async (root: string, id: OpId): Promise<OpFile | undefined> => {
  const found = await readRecordBytes(root, id)
  return found && opFileOf(root, id, found)
}
