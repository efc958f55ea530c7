import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { indexTokensDir, refLockPaths } from '@kitty/git-commit'
import { commitLockOf, inspectLock, type LockInfo, type LockPaths, stateDirOf } from '@kitty/writer'
import { memoized } from '../check/memo.js'
import { workTreeOf } from './work-tree.js'

/** A lock that is there now, which one it is, and whose. */
export type FoundLock = LockInfo & {
  readonly place: LockPaths
  /** `strategyName`: what makes commits of this software take turns. `index`: git's own `index.lock`. */
  readonly kind: 'commit' | 'index'
}

/** The locks on commits and on git's index that are there now. */
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
    const look = inspectLock(each.place)
    return look === undefined ? [] : [{ ...each, ...look }]
  })
})

/** A lock of git's on a ref: empty, or with the commit that the ref was to become. */
export type RefLock = { readonly path: string; readonly since: number; readonly content: string }

/** Reads one; undefined when there is none. */
export const readRefLock = (path: string): RefLock | undefined => {
  try {
    const { mtimeMs } = statSync(path)
    return { path, since: mtimeMs, content: readFileSync(path, 'latin1').trim() }
  } catch {
    return undefined
  }
}

/** The locks on HEAD and on the branch that is checked out; an Op's commit needs both. */
export const refLocksOf = memoized(async (context): Promise<readonly RefLock[]> => {
  const paths = await refLockPaths(context.ops.root)
  return paths.flatMap((path) => readRefLock(path) ?? [])
})
