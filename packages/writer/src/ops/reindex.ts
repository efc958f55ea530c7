import { existsSync } from 'node:fs'
import { untrackSubject } from '@kitty/record'
import { callStrategy } from '../commit/call-strategy.js'
import { tryUnlink } from '../fs/durable-file.js'
import { readRegular } from '../fs/regular-file.js'
import { restoreFile } from '../fs/restore-file.js'
import type { CommitResult } from '../ports/commit-strategy.js'
import { INDEX_PATH, toAbsolute } from '../project/paths.js'
import { rebuildIndex } from '../records/ops-index.js'
import type { StoreContext } from './context.js'

/** Rebuilds the index, unless it would be a new file that git shows: that would block a checkout of a branch with one. */
const rebuildUnlessVisible = async (ctx: StoreContext): Promise<{ readonly rows: number }> => {
  const isHidden = ctx.commitOpsIndex !== true && (await ctx.excludeLines.hideIndex())
  const mayWrite = isHidden || existsSync(toAbsolute(ctx.root, INDEX_PATH))
  return mayWrite ? rebuildIndex(ctx.root, ctx.durability) : { rows: 0 }
}

/** Rebuilds the index from the records. Throws `LOCK_TIMEOUT`, `SYMLINK_REFUSED`, and what writing throws. */
export const reindex = async (ctx: StoreContext): Promise<{ readonly rows: number }> => {
  await ctx.stateFolder.ensure()
  return ctx.lock.withLock(() => rebuildUnlessVisible(ctx))
}

const commitUntracked = async (ctx: StoreContext): Promise<CommitResult> => {
  const [result] = await callStrategy(ctx.strategy, ctx.root, [
    {
      kind: 'untrack',
      message: `${untrackSubject(INDEX_PATH)}\n`,
      path: INDEX_PATH,
      durability: ctx.durability,
    },
  ])
  return result ?? { status: 'skipped', reason: 'disabled' }
}

/** Deletes the file, commits that, and puts the file back: as the local cache, or as it was if nothing was committed. */
const untrackNow = async (ctx: StoreContext): Promise<CommitResult> => {
  const path = toAbsolute(ctx.root, INDEX_PATH)
  const bytes = await readRegular(path)
  tryUnlink(path)
  const result = await commitUntracked(ctx)
  const mayStay = result.status !== 'committed' || (await ctx.excludeLines.hideIndex())
  if (bytes !== undefined && mayStay) await restoreFile({ root: ctx.root, path: INDEX_PATH, bytes })
  return result
}

/**
 * Takes the index out of the checked-out branch, in one commit. The file stays as a local cache if a line in
 * `info/exclude` hides it. The result has `earlier: true` if the branch did not track it. Throws `LOCK_TIMEOUT`, and
 * what writing the file throws.
 */
export const untrackIndex = async (ctx: StoreContext): Promise<CommitResult> => {
  if (ctx.strategy.commits === false) return { status: 'skipped', reason: 'disabled' }
  await ctx.stateFolder.ensure()
  return ctx.lock.withLock(() => untrackNow(ctx))
}
