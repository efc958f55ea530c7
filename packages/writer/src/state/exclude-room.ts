import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { OpId } from '@kitty/record'
import { recordPath } from '../project/paths.js'
import { type ExcludeLine, isFull, listExcludeLines, removeExcludeLines } from './exclude-lines.js'
import { listIntents } from './intent-store.js'
import { listStartNotes } from './start-notes.js'
import { knownWorkTrees } from './work-trees.js'

/** The Ops with a start note or an intent in these state folders. In this order: a close creates its intent first. */
export const idsInState = async (folders: readonly string[]): Promise<ReadonlySet<OpId>> => {
  const held = new Set<OpId>()
  for (const folder of folders) {
    for (const id of await listStartNotes(folder)) held.add(id)
    for (const id of await listIntents(folder)) held.add(id)
  }
  return held
}

/**
 * If there is no room for another line, takes out those of records that are on no disk: a work tree that was removed leaves
 * its lines. Throws `LOCK_TIMEOUT`, and what reading and writing throws.
 */
export const makeRoomForLines = async (root: string, commonDir: string): Promise<void> => {
  const lines = listExcludeLines(commonDir)
  if (!isFull(lines)) return
  const there = (await knownWorkTrees(root)).filter(({ status }) => status !== 'gone')
  const roots = there.flatMap((tree) => tree.roots)
  // A line is written before its record.
  const held = await idsInState(roots.map(({ dir }) => dir))
  const isNeeded = ({ id }: ExcludeLine): boolean =>
    held.has(id) || roots.some((each) => existsSync(join(each.root, recordPath(id))))
  await removeExcludeLines(
    commonDir,
    lines.filter((line) => !isNeeded(line)),
  )
}
