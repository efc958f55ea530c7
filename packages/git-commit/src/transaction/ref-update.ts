import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type CommitResult, syncFile } from '@kitty/writer'
import { failureFromGit } from '../git/failures.js'
import { type GitOutcome, runGit, startGit } from '../git/run-git.js'
import { formatOf, nullId } from '../objects/object.js'
import { readHead, readTip } from '../repository/head.js'
import type { WorkTreeState } from '../repository/work-tree.js'

/** `moved`: HEAD is no longer where it was looked at, and nothing changed. */
type RefUpdateResult = 'done' | 'moved' | CommitResult

/** The one swap that makes commits part of history. */
export type RefUpdate = {
  /** Refuses where the branch is not at `from`; all zeros stand for one that is unborn. */
  readonly commit: (id: string, from: string) => Promise<RefUpdateResult>
  /** To be called in the end, whether HEAD was to be moved or not. */
  readonly abort: () => Promise<void>
}

type RefUpdateOptions = {
  /** For the reflog. */
  readonly reason: string
  readonly config: readonly string[]
}

type RefChange = { readonly id: string; readonly from: string; readonly config: readonly string[] }

/**
 * A switch to another branch needs no lock of ours. The branch that was looked at is moved all the same, and must
 * not keep what then is for the other one. Where it was not moved, or has gone on, nothing happens.
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

/** What became of it is told by the refs: a git that was killed may have done its work. */
const resolveRefUpdate = async (
  workTree: WorkTreeState,
  answer: GitOutcome,
  swap: RefChange,
): Promise<RefUpdateResult> => {
  const { head } = workTree
  const now = await readHead(workTree)
  const tip = (await readTip(workTree, now)) ?? nullId(formatOf(swap.from))
  const isSame = isDeepStrictEqual(now, head)
  // HEAD holds it, whatever its branch is called by now.
  if (tip === swap.id || (answer.ok && isSame)) return 'done'
  if (isSame && tip === swap.from) return failureFromGit(answer)
  if (head.kind === 'branch' && !isSame) await revertRef(workTree, head.target, swap)
  return 'moved'
}

/**
 * Starts the git that will move HEAD and has it wait for its order, while what HEAD is to move to is
 * still being made: starting it takes as long as the move. If this process dies, it ends with nothing done.
 */
export const prepareRefUpdate = (
  workTree: WorkTreeState,
  { reason, config }: RefUpdateOptions,
): RefUpdate => {
  const git = startGit(workTree.top, ['update-ref', '-m', reason, '--stdin'], { config })
  // By its name: another branch that is checked out meanwhile is nobody's business here.
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
 * Sees that the branch, just moved, is on the platter. What cannot be opened has no file of its own, and
 * is git's to care for. Never throws: the commit is made, and a power loss that undoes it leaves a
 * closed record for the doctor to find.
 */
export const syncRef = async ({ commonDir, gitDir, head }: WorkTreeState): Promise<void> => {
  const path = head.kind === 'branch' ? join(commonDir, head.ref) : join(gitDir, 'HEAD')
  await syncFile(path).catch(() => undefined)
}
