import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import {
  findIgnoreRules,
  findProtectedBranch,
  guardsBranches,
  identityError,
  type ProtectedBranch,
  readCheckedOut,
} from '@kitty/git-commit/inspect'
import { KittyError } from '@kitty/record'
import type { CheckContext } from '../check/check.js'
import { memoized } from '../check/memo.js'
import type { NextStep } from '../check/next-step.js'
import { foreignIndexLock, oldRefLocks } from './locks.js'
import { isCommitting, workTreeOf } from './work-tree.js'

/** What keeps an Op from being committed now, and what to do first. */
export type CommitObstacle = { readonly message: string; readonly next: readonly NextStep[] }

const GIT_STRATEGY = 'direct-git'

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** The branch that the guard requires, and the options of the strategy that makes the commits. */
const optionsOf = ({ ops }: CheckContext) => {
  const { strategyName, strategyOptions: all } = ops
  if (!guardsBranches(strategyName)) return { destination: undefined, git: all }
  const destination = typeof all.destination === 'string' ? all.destination : undefined
  return { destination, git: isRecord(all.inner) ? all.inner : {} }
}

/** Names a protected branch and why it is protected. */
export const protectedText = ({ branch, because }: ProtectedBranch): string =>
  `\`${branch}\` is protected (${because}).`

const guardObstacle = async (
  context: CheckContext,
  branch: string | undefined,
): Promise<CommitObstacle | undefined> => {
  const { destination } = optionsOf(context)
  if (destination !== undefined && branch !== destination) {
    const here = branch === undefined ? 'HEAD is detached' : `\`${branch}\` is checked out`
    return {
      message: `Ops are committed only to \`${destination}\`, but ${here}.`,
      next: [{ verb: 'git-switch', to: destination }],
    }
  }
  try {
    const found = await findProtectedBranch(context.ops.root)
    if (found === undefined) return undefined
    return { message: protectedText(found), next: [{ verb: 'git-switch-create' }] }
  } catch (error) {
    if (!(error instanceof KittyError)) throw error
    return { message: error.message, next: [] }
  }
}

const readOnlyObstacle = async (context: CheckContext): Promise<CommitObstacle | undefined> => {
  const gitDir = (await workTreeOf(context))?.gitDir
  if (gitDir === undefined) return undefined
  const isWritable = await access(gitDir, constants.W_OK).then(
    () => true,
    () => false,
  )
  if (isWritable) return undefined
  return { message: `This user cannot write to ${gitDir}; make it writable.`, next: [] }
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
export const identityProblem = memoized(({ ops }) => identityError(ops.root))

const gitObstacle = async (
  context: CheckContext,
  branch: string | undefined,
): Promise<CommitObstacle | undefined> => {
  if (branch === undefined && optionsOf(context).git.detached !== 'commit') {
    const message = 'HEAD is detached; the next checkout would remove a record committed here.'
    return { message, next: [{ verb: 'git-switch-create' }] }
  }
  const words = await identityProblem(context)
  if (words === undefined) return (await readOnlyObstacle(context)) ?? lockObstacle(context)
  const message = `git does not know who is committing here (${words}).`
  return { message, next: [{ verb: 'git-config-edit' }] }
}

/**
 * What keeps every Op from being committed now: `undefined` if no obstacle is known. Of a strategy from another
 * package only the guard around it is known.
 */
export const commitObstacle = memoized(async (context): Promise<CommitObstacle | undefined> => {
  const { root, strategyName } = context.ops
  const here = (await isCommitting(context)) ? await readCheckedOut(root) : undefined
  if (here === undefined) return undefined
  const { branch, operation } = here
  const isGuarded = guardsBranches(strategyName) && !(branch === undefined && operation)
  const refused = isGuarded ? await guardObstacle(context, branch) : undefined
  if (refused !== undefined || !strategyName.includes(GIT_STRATEGY)) return refused
  if (operation === undefined) return gitObstacle(context, branch)
  return { message: operation.message, next: [{ verb: 'git-status' }] }
})

/** Returns what keeps single records out of git: the rules by which git ignores these paths, by path. */
export const ignoreObstacles = async (
  context: CheckContext,
  paths: readonly string[],
): Promise<ReadonlyMap<string, CommitObstacle>> => {
  const isGit = context.ops.strategyName.includes(GIT_STRATEGY)
  if (paths.length === 0 || !isGit || !(await isCommitting(context))) return new Map()
  const rules = await findIgnoreRules(context.ops.root, paths)
  return new Map(
    [...rules].map(([path, { pattern, source, line }]) => {
      const message = `git ignores it because of "${pattern}" in ${source}, line ${line}; remove or narrow that rule.`
      return [path, { message, next: [{ verb: 'git-check-ignore', path }] }] as const
    }),
  )
}
