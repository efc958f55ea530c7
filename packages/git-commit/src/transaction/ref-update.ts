import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { CommitResult, Durability } from '@kitty/writer'
import { syncFile } from '@kitty/writer/internals'
import { failureFromGit } from '../git/failures.js'
import { type GitOutcome, runGit, startGit } from '../git/run-git.js'
import { formatOf, nullId } from '../objects/object.js'
import { clearDeadRefLocks } from '../refs/ref-locks.js'
import type { RepoConfig } from '../repository/config.js'
import { readHead, readTip } from '../repository/head.js'
import type { WorkTreeState } from '../repository/work-tree.js'
import { canMoveHead, moveHead } from './move-head.js'

/** HEAD is no longer where it was when read, and nothing changed: the requests must be planned again. */
export type Moved = { readonly status: 'moved' }

export const MOVED: Moved = { status: 'moved' }

/** The update of a ref that makes commits part of the history. */
export type RefUpdate = {
  /**
   * Moves the ref to `id` if it is still at `from`; all zeros mean an unborn branch. Returns why it did not, or
   * `undefined` on success.
   */
  readonly commit: (id: string, from: string) => Promise<CommitResult | Moved | undefined>
  /** Ends git if `commit` was not called. Caller must always call it. */
  readonly abort: () => Promise<void>
}

type RefUpdateOptions = {
  /** The message for the reflog. */
  readonly reason: string
  readonly config: readonly string[]
  /** Where HEAD is now; `undefined` for an unborn branch. */
  readonly tip: string | undefined
  readonly repoConfig: RepoConfig
  readonly durability: Durability
}

type RefChange = { readonly id: string; readonly from: string; readonly config: readonly string[] }

/**
 * Reverts the move of a branch that is no longer checked out: the user can switch without any lock that we hold,
 * and the Op then belongs to the branch that is checked out now. Does nothing if the branch was not moved, or has
 * moved on.
 */
const revertRef = async (
  { top }: WorkTreeState,
  target: string,
  { id, from, config }: RefChange,
) => {
  const isUnborn = from === nullId(formatOf(from))
  const args = isUnborn ? ['-d', target, id] : [target, from, id]
  await runGit(top, ['update-ref', '-m', 'op: taken back', ...args], { config })
}

/** Determines from the refs why HEAD was not moved, if so: a git that was killed can still have moved them. */
const resolveRefUpdate = async (
  workTree: WorkTreeState,
  answer: GitOutcome,
  swap: RefChange,
): Promise<CommitResult | Moved | undefined> => {
  const { head } = workTree
  const now = await readHead(workTree)
  const tip = (await readTip(workTree, now)) ?? nullId(formatOf(swap.from))
  const isSame = isDeepStrictEqual(now, head)
  // HEAD holds the commit, whatever its branch is called now.
  if (tip === swap.id || (answer.ok && isSame)) return undefined
  if (isSame && tip === swap.from) return failureFromGit(answer)
  if (head.kind === 'branch' && !isSame) await revertRef(workTree, head.target, swap)
  return MOVED
}

/**
 * Starts the git that will move HEAD while the commits are still being made, because starting it takes as long as
 * the move. It waits for its input; if this process dies, it exits and changes nothing.
 */
const prepareWithGit = (
  workTree: WorkTreeState,
  { reason, config }: RefUpdateOptions,
): RefUpdate => {
  const git = startGit(workTree.top, ['update-ref', '-m', reason, '--stdin'], { config })
  // By name, so that another branch checked out meanwhile is not touched.
  const ref = workTree.head.kind === 'branch' ? workTree.head.target : 'HEAD'
  let isOver = false
  return {
    commit: async (id, from) => {
      isOver = true
      const answer = await git.finish(`update ${ref} ${id} ${from}\n`)
      return resolveRefUpdate(workTree, answer, { id, from, config })
    },
    abort: async () => {
      if (!isOver) await git.finish('').catch(() => undefined)
    },
  }
}

/**
 * Moves HEAD without git if it can. Otherwise, and after an error or while another process holds a lock, git makes the
 * move: it waits for the lock, and its compare-and-swap notices a move that was made already.
 */
const prepareWithoutGit = (workTree: WorkTreeState, options: RefUpdateOptions): RefUpdate => ({
  commit: async (id, from) => {
    const answer = await moveHead(workTree, { ...options, from, to: id }).catch(() => undefined)
    if (answer === undefined) return prepareWithGit(workTree, options).commit(id, from)
    return answer === 'moved' ? undefined : MOVED
  },
  abort: async () => undefined,
})

/** Prepares the move of HEAD. */
export const prepareRefUpdate = (workTree: WorkTreeState, options: RefUpdateOptions): RefUpdate => {
  clearDeadRefLocks(workTree.commonDir)
  return canMoveHead(workTree, options.tip, options.repoConfig)
    ? prepareWithoutGit(workTree, options)
    : prepareWithGit(workTree, options)
}

/**
 * Syncs the branch that was just moved to stable storage. A ref without a file of its own is left to git. Never
 * throws: the commit is made, and a power loss that undoes it leaves a closed record that the doctor finds.
 */
export const syncRef = async ({ commonDir, gitDir, head }: WorkTreeState): Promise<void> => {
  const path = head.kind === 'branch' ? join(commonDir, head.ref) : join(gitDir, 'HEAD')
  await syncFile(path).catch(() => undefined)
}
