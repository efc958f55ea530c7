import type { OpId } from '@kitty/record'
import { hasLiveOwner, readIntent } from '../state/intent-store.js'
import { readStartNote, replaceStartNote } from '../state/start-notes.js'
import { takeOverState } from '../state/take-over.js'
import { type KnownRoot, knownWorkTrees } from '../state/work-trees.js'
import type { StoreContext } from './context.js'
import { closeInProgress } from './errors.js'

/** The state folder of a work tree that is not present and has this Op. */
const findAbsent = async (root: string, id: OpId): Promise<KnownRoot | undefined> => {
  for (const { status, roots } of await knownWorkTrees(root)) {
    if (status === 'present') continue
    for (const known of roots) {
      const has = (await readStartNote(known.dir, id)) ?? (await readIntent(known.dir, id))
      if (has !== undefined) return known
    }
  }
  return undefined
}

/** HEAD here is not the one that the Op was opened at. */
const forgetHead = async (ctx: StoreContext, id: OpId): Promise<void> => {
  const note = await readStartNote(ctx.state, id)
  if (note?.head === undefined) return
  const { head: _, ...rest } = note
  await replaceStartNote(ctx.state, id, rest, ctx.durability)
}

/**
 * Moves the start note and the intent of an Op from a work tree that is gone or out of reach to this one. Returns false
 * if no such work tree has the Op. Throws `CLOSE_IN_PROGRESS` if a living process closes it, and what writing throws.
 */
export const adoptOp = async (ctx: StoreContext, id: OpId): Promise<boolean> => {
  const from = await findAbsent(ctx.root, id)
  if (from === undefined) return false
  const intent = await readIntent(from.dir, id)
  if (intent !== undefined && hasLiveOwner(intent)) throw closeInProgress(id)
  await ctx.stateFolder.ensure()
  if ((await takeOverState(from, ctx.state, id)).length === 0) return false
  await forgetHead(ctx, id)
  return true
}
