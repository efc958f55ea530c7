import type { Ops } from '@kitty/writer'
import type { Io } from '../command/io.js'
import { openProject } from './project.js'

/** Calls `act` with the store of each work tree of the repository. A work tree that fails is skipped. */
export const eachStore = async (
  io: Io,
  root: string,
  act: (ops: Ops) => Promise<void>,
): Promise<void> => {
  const { rootsInWorkTrees } = await import('@kitty/writer/internals')
  for (const each of await rootsInWorkTrees(root)) {
    try {
      await act(await (await openProject(io, { root: each })).open('reading'))
    } catch {
      // The work tree can be gone, or belong to another user.
    }
  }
}
