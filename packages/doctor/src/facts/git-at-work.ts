// What git is changing looks like damage: a pull writes records before HEAD has them, a switch of the branch removes them
// while HEAD still has them.

import { setTimeout as sleep } from 'node:timers/promises'
import { findWorkTree, inspectLock } from '@kitty/writer/internals'
import { indexLockOf, isOldLock } from './locks.js'

/** How long to wait for git, in milliseconds. It holds its lock for longer only while it changes many files. */
export const LONGEST_WAIT_MS = 3_000

/** How long git must be at rest, in milliseconds: while it merges, it releases its lock several times. */
const REST_MS = 500
const STEP_MS = 25

/** The lock on the index of the root's work tree if a git at work holds it. After ten minutes it was left. */
export const lockOfGit = async (
  root: string,
): Promise<{ readonly path: string; readonly since: number } | undefined> => {
  const tree = await findWorkTree(root)
  if (tree === undefined) return undefined
  const place = indexLockOf(tree)
  const info = inspectLock(place)
  const isHeld = info?.holder === 'foreign' && !isOldLock(info, { now: Date.now() })
  return isHeld ? { path: place.path, since: info.since } : undefined
}

/** Waits until git is at rest, for `LONGEST_WAIT_MS` at most. Does not wait if it seems to be, unless it `wasAtWork`. */
export const waitForGit = async (root: string, wasAtWork = false): Promise<void> => {
  if (!wasAtWork && (await lockOfGit(root)) === undefined) return
  const end = Date.now() + LONGEST_WAIT_MS
  for (let since = Date.now(); Date.now() - since < REST_MS && Date.now() < end; ) {
    await sleep(STEP_MS)
    if ((await lockOfGit(root)) !== undefined) since = Date.now()
  }
}
