import { existsSync, linkSync, unlinkSync } from 'node:fs'
import { dirname, posix } from 'node:path'
import type { Durability } from '../fs/durability.js'
import { replaceFile } from '../fs/durable-file.js'
import { errnoOf, ignoreErrno, writeError } from '../fs/errors.js'
import { ensureFolder, syncFolder } from '../fs/folder.js'
import { readRegular } from '../fs/regular-file.js'
import { toAbsolute } from '../project/paths.js'

/** A record, and where it is to lie; relative to the root, with `/`. */
export type Move = { readonly from: string; readonly to: string }

/** A crash in the middle must leave nothing in the new place. The caller holds the commit lock, so nobody else writes there. */
const copyWhole = async (from: string, to: string, durability: Durability): Promise<void> => {
  const bytes = await readRegular(from)
  if (bytes !== undefined && !existsSync(to)) await replaceFile(to, bytes, durability)
}

/** A second name for the same bytes: nothing is read or written, and nothing that is there is replaced. */
const addName = async (from: string, to: string, durability: Durability): Promise<void> => {
  try {
    linkSync(from, to)
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return
    // No hard links here.
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

/** Gives a record its second place; false where it is gone, or other bytes are there already, which stay. */
const addPlace = async (
  root: string,
  { from, to }: Move,
  durability: Durability,
): Promise<boolean> => {
  const [source, target] = [toAbsolute(root, from), toAbsolute(root, to)]
  // A move that was cut off has only the commit still to come.
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
 * Moves records, and gives those that were moved: one in whose new place other bytes lie stays, and one that
 * is gone by now is nobody's to move. Each is
 * in both places, durably, before it leaves the old one, so a crash loses none. The caller holds the
 * commit lock. Throws `SYMLINK_REFUSED`, and what writing throws.
 */
export const moveRecords = async (
  root: string,
  moves: readonly Move[],
  durability: Durability,
): Promise<readonly Move[]> => {
  const moved: Move[] = []
  for (const folder of new Set(moves.map(({ to }) => posix.dirname(to)))) {
    await ensureFolder(root, folder, durability)
  }
  for (const move of moves) if (await addPlace(root, move, durability)) moved.push(move)
  const pathsOf = (end: keyof Move) => moved.map((move) => toAbsolute(root, move[end]))
  await syncFolders(pathsOf('to'), durability)
  for (const path of pathsOf('from')) ignoreErrno('ENOENT', () => unlinkSync(path))
  await syncFolders(pathsOf('from'), durability)
  return moved
}
