import { unlinkSync } from 'node:fs'
import { opIdOfCommit } from '@kitty/git-commit'
import { type CloseIntent, ignoreErrno, ownerLiveness } from '@kitty/writer'
import type { Check, CheckContext, Finding, Fix, FixOutcome } from '../check/check.js'
import { intentsOf } from '../facts/intents.js'
import { type RefLock, readRefLock, refLocksOf } from '../facts/locks.js'

/** A git that lives holds such a lock for milliseconds. */
const OLD_MS = 60_000

const isOld = ({ since }: RefLock, { now }: CheckContext): boolean => now - since > OLD_MS

/** Closers that died while they, or somebody for them, may have been moving the branch. */
const intentsOfDeadOwners = async (
  { since }: RefLock,
  context: CheckContext,
): Promise<readonly CloseIntent[]> =>
  [...(await intentsOf(context)).values()].filter((intent) =>
    // One whose Op was tried again meanwhile is in other hands, and remembers.
    [intent, intent.previousOwner].some(
      (last) =>
        last !== undefined &&
        last.owner !== '' &&
        last.ownedSince <= since &&
        ownerLiveness(last.owner) === 'dead',
    ),
  )

/**
 * Content alone never proves whose a lock is, since any git that is killed leaves the same. It counts as
 * ours where a closer of ours died at that time, and it is empty or holds that Op's commit.
 */
const isLeftByDeadOwner = async (lock: RefLock, context: CheckContext): Promise<boolean> => {
  const intents = await intentsOfDeadOwners(lock, context)
  if (intents.length === 0 || lock.content === '') return intents.length > 0
  const op = await opIdOfCommit(context.ops.root, lock.content)
  return intents.some(({ invocation_id }) => invocation_id === op)
}

const findingOf = async (lock: RefLock, context: CheckContext): Promise<Finding> => {
  const isOwn = await isLeftByDeadOwner(lock, context)
  const way = isOwn
    ? 'A process of ours died just then. To remove it: spec-kitty doctor ops --fix'
    : 'If no git is at work here, delete it'
  return {
    id: refLock.id,
    severity: 'warning',
    path: lock.path,
    message: `${lock.path} was left by a git that was killed. While it is there, nothing can be committed on this branch. ${way}`,
    fixable: isOwn,
  }
}

const removeLock: Fix = {
  plan: ({ path }) => `Would remove the lock ${path}.`,
  apply: async ({ path = '' }, context): Promise<FixOutcome> => {
    const lock = readRefLock(path)
    if (lock === undefined) return { done: true, message: `${path} is gone.` }
    if (!isOld(lock, context) || !(await isLeftByDeadOwner(lock, context))) {
      return { done: false, message: `${path} is another git's by now.` }
    }
    ignoreErrno('ENOENT', () => unlinkSync(path))
    return { done: true, message: `Removed the lock ${path}.` }
  },
}

/** Locks on HEAD and on its branch that are too old to be in use. */
export const refLock: Check = {
  id: 'ref-lock',
  run: async (context) => {
    const old = (await refLocksOf(context)).filter((lock) => isOld(lock, context))
    return Promise.all(old.map((lock) => findingOf(lock, context)))
  },
  fix: removeLock,
}
