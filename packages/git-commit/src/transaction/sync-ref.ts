import { join } from 'node:path'
import { syncFile } from '@kitty/writer'
import type { WorkTreeState } from '../repository/work-tree.js'

/**
 * Sees that the branch, just moved, is on the platter. What cannot be opened has no file of its own, and
 * is git's to care for. Never throws: the commit is made, and a power loss that undoes it leaves a
 * closed record for the doctor to find.
 */
export const syncRef = async ({ commonDir, gitDir, head }: WorkTreeState): Promise<void> => {
  const path = head.kind === 'branch' ? join(commonDir, head.ref) : join(gitDir, 'HEAD')
  await syncFile(path).catch(() => undefined)
}
