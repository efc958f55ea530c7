import type { Ops } from '@kitty/writer'
import type { Io } from '../command/io.js'
import { openProject } from './project.js'

/**
 * Does something in the store of each work tree of the repository; a work tree that cannot be looked at
 * hinders none of the others.
 */
export const eachStore = async (
  io: Io,
  root: string,
  act: (ops: Ops) => Promise<void>,
): Promise<void> => {
  const { rootsInWorkTrees } = await import('@kitty/writer')
  for (const each of await rootsInWorkTrees(root)) {
    try {
      await act(await (await openProject(io, { root: each })).open('reading'))
    } catch {
      // It may be gone, or belong to somebody else.
    }
  }
}
