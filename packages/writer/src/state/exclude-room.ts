import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { recordPath } from '../project/paths.js'
import { type ExcludeLine, isFull, listExcludeLines, removeExcludeLines } from './exclude-lines.js'
import { listIntents } from './intent-store.js'
import { listStartNotes } from './start-notes.js'
import { knownWorkTrees } from './work-trees.js'

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
  const held = roots.map(async ({ dir }) => [
    ...(await listStartNotes(dir)),
    ...(await listIntents(dir)),
  ])
  const ids = new Set((await Promise.all(held)).flat())
  const isNeeded = ({ id }: ExcludeLine): boolean =>
    ids.has(id) || roots.some((each) => existsSync(join(each.root, recordPath(id))))
  await removeExcludeLines(
    commonDir,
    lines.filter((line) => !isNeeded(line)),
  )
}
