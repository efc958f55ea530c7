import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import {
  indexTokensDir,
  ledgerLockOf,
  opIdsOfCommit,
  ownRefLocks,
  refLockPaths,
} from '@kitty/git-commit/inspect'
import type { CloseIntent } from '@kitty/writer'
import {
  commitLockOf,
  excludeLockOf,
  inspectLock,
  type LockInfo,
  type LockPaths,
  ownerLiveness,
  sharedFolderOf,
  stateDirOf,
  type WorkTree,
} from '@kitty/writer/internals'
import type { CheckContext } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import { memoized } from '../check/memo.js'
import { intentsOf } from './intents.js'
import { workTreeOf } from './work-tree.js'

/** A lock that exists now, which one it is, and who holds it. */
export type FoundLock = LockInfo & {
  readonly place: LockPaths
  /**
   * `commit`, `exclude` and `ledger`: locks of this software. `older`: the commit lock where an older version had the
   * state. `index`: git's own `index.lock`. `ref`: git's lock on HEAD or on a ref, if this software took it.
   */
  readonly kind: 'commit' | 'older' | 'exclude' | 'ledger' | 'index' | 'ref'
}

/** Git's lock on the index of a work tree, which this software takes, too. */
export const indexLockOf = ({ gitDir }: WorkTree): LockPaths => ({
  path: join(gitDir, 'index.lock'),
  tokens: indexTokensDir(gitDir),
})

/**
 * The commit locks, those on `info/exclude` and on the ledger, the lock on git's index, and the locks on refs that this
 * software took, if they exist now.
 */
export const locksOf = memoized(async (context): Promise<readonly FoundLock[]> => {
  const tree = await workTreeOf(context)
  const places: { readonly kind: FoundLock['kind']; readonly place: LockPaths }[] = [
    { kind: 'commit', place: commitLockOf(await stateDirOf(context.ops.root)) },
  ]
  if (tree !== undefined) {
    places.push({ kind: 'older', place: commitLockOf({ lockDir: sharedFolderOf(tree.gitDir) }) })
    places.push({ kind: 'exclude', place: excludeLockOf(tree.commonDir) })
    places.push({ kind: 'ledger', place: ledgerLockOf(tree.commonDir) })
    places.push({ kind: 'index', place: indexLockOf(tree) })
    for (const each of ownRefLocks(tree.commonDir)) places.push({ kind: 'ref', place: each })
  }
  return places.flatMap((each) => {
    const info = inspectLock(each.place)
    // A token whose lock is gone: the lock of that name is another process's.
    const isOther = each.kind === 'ref' && info?.holder === 'foreign'
    return info === undefined || isOther ? [] : [{ ...each, ...info }]
  })
})

/** A lock without a known owner that is younger than this can be in use, in milliseconds. */
const DOUBT_MS = 10 * 60_000

/** Whether a lock without a known owner is too old to be in use. */
export const isOldLock = (
  { since }: { readonly since: number },
  { now }: Pick<CheckContext, 'now'>,
): boolean => now - since >= DOUBT_MS

/** An old `index.lock` that another program left: while it exists, the index cannot change. */
export const foreignIndexLock = memoized(async (context) =>
  (await locksOf(context)).find(
    (lock) => lock.kind === 'index' && lock.holder === 'foreign' && isOldLock(lock, context),
  ),
)

/** Whether no old lock of another program keeps git's index from changing. */
export const isIndexFree = async (context: CheckContext): Promise<boolean> =>
  (await foreignIndexLock(context)) === undefined

/** Git's lock on a ref: empty, or with the commit that the ref was about to become. */
export type RefLock = { readonly path: string; readonly since: number; readonly content: string }

/** Reads a lock on a ref. Returns `undefined` if there is none. */
export const readRefLock = (path: string): RefLock | undefined => {
  try {
    const { mtimeMs } = statSync(path)
    return { path, since: mtimeMs, content: readFileSync(path, 'latin1').trim() }
  } catch {
    return undefined
  }
}

/** A live git holds such a lock for milliseconds. */
const OLD_MS = 60_000

/** Whether a lock on a ref is too old to be in use. */
export const isOldRefLock = ({ since }: RefLock, { now }: CheckContext): boolean =>
  now - since > OLD_MS

/** Returns the intents whose owner died while it, or another process for it, may have been moving the branch. */
const intentsOfDeadOwners = async (
  { since }: RefLock,
  context: CheckContext,
): Promise<readonly CloseIntent[]> =>
  [...(await intentsOf(context)).values()].filter((intent) =>
    // After another attempt the intent has another owner, and keeps the previous one.
    [intent, intent.previousOwner].some(
      (last) =>
        last?.owner !== undefined &&
        last.ownedSince <= since &&
        ownerLiveness(last.owner) === 'dead',
    ),
  )

/**
 * Whether a process of this software left the lock. The content alone proves nothing, since any git that is
 * killed leaves the same: an owner of an intent must have died at that time, and the lock must be empty or hold
 * the commit of that Op.
 */
export const isLeftByDeadOwner = async (lock: RefLock, context: CheckContext): Promise<boolean> => {
  const intents = await intentsOfDeadOwners(lock, context)
  if (intents.length === 0 || lock.content === '') return intents.length > 0
  const ops = await opIdsOfCommit(context.ops.root, lock.content)
  return intents.some(({ id }) => ops.includes(id))
}

const AT_ONCE = 4

/**
 * The old locks that git itself made on HEAD, on the branch that is checked out and on the ledger, and whether it made
 * them for a process of this software.
 */
export const oldRefLocks = memoized(async (context) => {
  const [paths, own] = [await refLockPaths(context.ops.root), await locksOf(context)]
  const old = paths
    .filter((path) => !own.some(({ place }) => place.path === path))
    .flatMap((path) => readRefLock(path) ?? [])
    .filter((lock) => isOldRefLock(lock, context))
  return mapConcurrent(old, AT_ONCE, async (lock) => ({
    ...lock,
    isOwn: await isLeftByDeadOwner(lock, context),
  }))
})
