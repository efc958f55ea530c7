import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { OpId } from '@kitty/record'
import type { Closing, Ops } from '@kitty/writer'
import { definedFields } from '../command/defined.js'
import type { Io } from '../command/io.js'
import type { Program } from '../command/program.js'
import { openProject } from '../project/project.js'
import { type Closed, closeAfterCommand } from './closed.js'

/** The roots of the same repository that work now, without this one. */
const rootsBeside = async (root: string): Promise<readonly string[]> => {
  const { findWorkTree, rootsInWorkTrees } = await import('@kitty/writer/internals')
  const top = (await findWorkTree(root))?.top
  if (top === undefined) return []
  const below = relative(top, root)
  const tops = (await rootsInWorkTrees(top)).filter((each) => each !== top)
  return tops.flatMap((each) => [join(each, below), each])
}

/** How an Op is closed after its command. */
export type CloseAfterCommand = (id: OpId, closing: Closing) => Promise<Closed>

/**
 * Returns how an Op is closed after its command, also if the command removed or moved the work tree: then from another
 * work tree, where the Op is now, or in the ledger. Caller must call this before the command starts.
 */
export const closerFor = async (
  ops: Ops,
  { io, program }: { readonly io: Io; readonly program: Program },
): Promise<CloseAfterCommand> => {
  const roots = await rootsBeside(ops.root)
  return async (id, closing) => {
    try {
      return await closeAfterCommand(ops, id, closing)
    } catch (error) {
      const root = existsSync(ops.root) ? undefined : roots.find((each) => existsSync(each))
      if (root === undefined) throw error
      const { adoptedNotes, findTargetElsewhere } = await import('./close-target.js')
      const store = await (await openProject(io, { root })).open('closing')
      const closer = { caller: 'person', session: undefined } as const
      const here = { io, ops: store, program: { ...program, root }, closer }
      const target = await findTargetElsewhere({ typed: id, part: 'start' }, here, error)
      const closed = await closeAfterCommand(target.ops, id, closing)
      return {
        ...closed,
        notes: [...adoptedNotes(target), ...closed.notes],
        ...definedFields({ workTree: target.workTree, isLedgerAlone: target.isLedgerAlone }),
      }
    }
  }
}
