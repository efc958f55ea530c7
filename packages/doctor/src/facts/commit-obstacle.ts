import { findIgnoreRules, identityError } from '@kitty/git-commit/inspect'
import type { DeferredReason, KittyErrorCode } from '@kitty/record'
import type { CommitResult } from '@kitty/writer'
import { ledgerOf } from '@kitty/writer/internals'
import type { CheckContext } from '../check/check.js'
import { memoized } from '../check/memo.js'
import type { NextStep } from '../check/next-step.js'
import { foreignIndexLock, oldRefLocks } from './locks.js'
import { isCommitting, isCommittingToHead } from './work-tree.js'

/** What keeps an Op from being committed now, and what to do first. */
export type CommitObstacle = { readonly message: string; readonly next: readonly NextStep[] }

/** What the strategy would answer for every Op now; `undefined` if nothing is known to keep Ops from being committed. */
export const blockedResult = memoized(async (context): Promise<CommitResult | undefined> => {
  const { root, strategy } = context.ops
  return (await isCommitting(context)) ? strategy.blockedBy?.(root) : undefined
})

/** What to do first, by the reason or the code of the result. */
const FIRST: Readonly<Record<string, NextStep['verb']>> = {
  PROTECTED_BRANCH: 'git-switch-create',
  'detached-head': 'git-switch-create',
  NO_IDENTITY: 'git-config-edit',
  rebase: 'git-status',
  am: 'git-status',
  sequence: 'git-status',
  bisect: 'git-status',
  'commit-in-progress': 'git-status',
  'foreign-branch': 'git-switch-create',
} satisfies Partial<Record<KittyErrorCode | DeferredReason, NextStep['verb']>>

const firstStep = (result: CommitResult, { ops }: CheckContext): NextStep | undefined => {
  const key = keyOf(result)
  const to = ops.strategy.options?.destination
  if (key === 'HEAD_MISMATCH' && typeof to === 'string') return { verb: 'git-switch', to }
  const verb = FIRST[key]
  return verb && { verb }
}

/** The reason or the code of a result; empty if it has neither. */
const keyOf = (result: CommitResult): string => {
  if (result.status === 'deferred') return result.reason
  return result.status === 'refused' || result.status === 'failed' ? result.code : ''
}

const lockObstacle = async (context: CheckContext): Promise<CommitObstacle | undefined> => {
  const foreign = (await oldRefLocks(context)).find(({ isOwn }) => !isOwn)
  const path = foreign?.path ?? (await foreignIndexLock(context))?.place.path
  if (path === undefined) return undefined
  return {
    message: `Another program left the lock ${path}; delete it if no git process is running here.`,
    next: [],
  }
}

/** Why git has no name or address for a commit; `undefined` if it has both. */
export const identityProblem = memoized(async (context) => {
  const { root, strategy } = context.ops
  // A strategy that can say what blocks it, and names nothing, would commit.
  const isFree = strategy.blockedBy !== undefined && (await blockedResult(context)) === undefined
  return isFree ? undefined : identityError(root)
})

/** What keeps every Op from being committed now: `undefined` if no obstacle is known. */
export const commitObstacle = memoized(async (context): Promise<CommitObstacle | undefined> => {
  if (!(await isCommitting(context))) return undefined
  const result = await blockedResult(context)
  if (result === undefined) {
    return (await isCommittingToHead(context)) ? lockObstacle(context) : undefined
  }
  if (result.status === 'committed' || result.status === 'skipped') return undefined
  const step = firstStep(result, context)
  const hint = step === undefined && result.hint !== undefined ? ` ${result.hint}` : ''
  return { message: `${result.message}${hint}`, next: step === undefined ? [] : [step] }
})

/** What keeps every Op from being added to the ledger now; `undefined` if no obstacle is known. */
export const ledgerObstacle = memoized(async ({ ops }): Promise<string | undefined> => {
  const result = await ledgerOf(ops.strategy)?.blockedBy?.(ops.root)
  const isFree = result === undefined || result.status === 'committed'
  return isFree || result.status === 'skipped' ? undefined : result.message
})

/** Returns what keeps single records out of git: the rules by which git ignores these paths, by path. */
export const ignoreObstacles = async (
  context: CheckContext,
  paths: readonly string[],
): Promise<ReadonlyMap<string, CommitObstacle>> => {
  if (paths.length === 0 || !(await isCommittingToHead(context))) return new Map()
  const rules = await findIgnoreRules(context.ops.root, paths)
  return new Map(
    [...rules].map(([path, { pattern, source, line }]) => {
      const message = `git ignores it because of "${pattern}" in ${source}, line ${line}; remove or narrow that rule.`
      return [path, { message, next: [{ verb: 'git-check-ignore', path }] }] as const
    }),
  )
}
