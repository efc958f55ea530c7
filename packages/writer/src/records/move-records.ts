import { existsSync, linkSync, unlinkSync } from 'node:fs'
import { dirname, posix } from 'node:path'
import type { Durability } from '../fs/durability.js'
import { replaceFile } from '../fs/durable-file.js'
import { errnoOf, ignoreErrno, writeError } from '../fs/errors.js'
import { ensureFolder, refuseNestedRepository, syncFolder } from '../fs/folder.js'
import { readRegular } from '../fs/regular-file.js'
import { toAbsolute } from '../project/paths.js'

/** The old and the new path of a record, relative to the root, with `/`. */
export type Move = { readonly from: string; readonly to: string }

/** Copies a file atomically. Caller must hold the commit lock, so that no other process writes the new file. */
const copyWhole = async (from: string, to: string, durability: Durability): Promise<void> => {
  const bytes = await readRegular(from)
  if (bytes !== undefined && !existsSync(to)) await replaceFile(to, bytes, durability)
}

/** Adds a hard link, or else copies the file. Never replaces an existing file. */
const addName = async (from: string, to: string, durability: Durability): Promise<void> => {
  try {
    linkSync(from, to)
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return
    // The file system has no hard links.
    await copyWhole(from, to, durability)
  }
}

const hasSameBytes = async (one: string, other: string): Promise<boolean> => {
  const [a, b] = [await readRegular(one), await readRegular(other)]
  return a !== undefined && b?.equals(a) === true
}

const syncFolders = async (paths: readonly string[], durability: Durability): Promise<void> => {
  if (durability !== 'power') return
  for (const folder of new Set(paths.map((path) => dirname(path)))) await syncFolder(folder)
}

/** Adds a record's new place. Returns false if the record is gone, or its new place has other bytes. */
const addPlace = async (
  root: string,
  { from, to }: Move,
  durability: Durability,
): Promise<boolean> => {
  const [source, target] = [toAbsolute(root, from), toAbsolute(root, to)]
  // An interrupted move is complete on disk; only its commit is missing.
  if (!existsSync(source) && existsSync(target)) return true
  try {
    await addName(source, target, durability)
  } catch (error) {
    if (!existsSync(source)) return false
    throw writeError(error, target)
  }
  return hasSameBytes(source, target)
}

/**
 * Moves records. Returns the moves that were made: a record stays if its new place has other bytes, and a record
 * that is gone is skipped. Each record is durably in both places before it leaves the old one, so a crash loses
 * none. Caller must hold the commit lock. Throws `SYMLINK_REFUSED`, and what writing throws.
 */
export const moveRecords = async (
  root: string,
  moves: readonly Move[],
  durability: Durability,
): Promise<readonly Move[]> => {
  const moved: Move[] = []
  for (const folder of new Set(moves.map(({ to }) => posix.dirname(to)))) {
    refuseNestedRepository(root, folder)
    await ensureFolder(root, folder, durability)
  }
  for (const move of moves) if (await addPlace(root, move, durability)) moved.push(move)
  const pathsOf = (end: keyof Move) => moved.map((move) => toAbsolute(root, move[end]))
  await syncFolders(pathsOf('to'), durability)
  for (const path of pathsOf('from')) ignoreErrno('ENOENT', () => unlinkSync(path))
  await syncFolders(pathsOf('from'), durability)
  return moved
}
