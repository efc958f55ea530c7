import { join } from 'node:path'
import { indexTokensDir } from '@kitty/git-commit'
import { commitLockOf, inspectLock, type LockInfo, type LockPaths, stateDirOf } from '@kitty/writer'
import type { CheckContext } from '../check/check.js'
import { memoized } from '../check/memo.js'
import { workTreeOf } from './work-tree.js'

/** A lock that exists now, which one it is, and who holds it. */
export type FoundLock = LockInfo & {
  readonly place: LockPaths
  /** `commit`: the commit lock of this software. `index`: git's own `index.lock`. */
  readonly kind: 'commit' | 'index'
}

/** The commit lock and the lock on git's index, if they exist now. */
export const locksOf = memoized(async (context): Promise<readonly FoundLock[]> => {
  const tree = await workTreeOf(context)
  const places: { readonly kind: FoundLock['kind']; readonly place: LockPaths }[] = [
    { kind: 'commit', place: commitLockOf(await stateDirOf(context.ops.root)) },
  ]
  if (tree !== undefined) {
    const path = join(tree.gitDir, 'index.lock')
    places.push({ kind: 'index', place: { path, tokens: indexTokensDir(tree.gitDir) } })
  }
  return places.flatMap((each) => {
    const info = inspectLock(each.place)
    return info === undefined ? [] : [{ ...each, ...info }]
  })
})

/** A lock without a known owner that is younger than this can be in use, in milliseconds. */
const DOUBT_MS = 10 * 60_000

/** Whether a lock without a known owner is too old to be in use. */
export const isOldLock = ({ since }: { readonly since: number }, { now }: CheckContext): boolean =>
  now - since >= DOUBT_MS

/** An old `index.lock` that another program left: while it exists, the index cannot change. */
export const foreignIndexLock = memoized(async (context) =>
  (await locksOf(context)).find(
    (lock) => lock.kind === 'index' && lock.holder === 'foreign' && isOldLock(lock, context),
  ),
)

/** Whether no old lock of another program keeps git's index from changing. */
export const isIndexFree = async (context: CheckContext): Promise<boolean> =>
  (await foreignIndexLock(context)) === undefined
