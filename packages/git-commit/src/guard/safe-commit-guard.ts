import type { CommitRequest, CommitResult, CommitStrategy } from '@kitty/writer'
import { failureFromError } from '../git/failures.js'
import { ok, type Result, stop, stopOnError } from '../git/result.js'
import { expectedHead } from '../repository/head.js'
import { readWorkTree, type WorkTreeState } from '../repository/work-tree.js'
import { checkBranch, checkDestinationName } from './branch.js'
import { checkPaths, DEFAULT_ALLOWED } from './paths.js'
import { stagedPathsCheck } from './staged.js'
import { checkInsideWorkTree } from './work-tree.js'

export type SafeCommitGuardOptions = {
  /** The branch that must be checked out, for example `feature-x`. Default: any branch that is not protected. */
  readonly destination?: string
  /** Prefixes of allowed paths, relative to the project root. Default `kitty-ops/` and `.kittify/evidence/`. */
  readonly allow?: readonly string[]
  /** The environment to read. Default `process.env`, at the time of the call. */
  readonly env?: NodeJS.ProcessEnv
}

/** Refuses a request, or passes it on pinned to the branch that was checked. */
type RequestCheck = (request: CommitRequest) => Result<CommitRequest>

type Guard = SafeCommitGuardOptions & { readonly inner: CommitStrategy }

/** What keeps the guard from letting any request through now. */
const findRefusal = async (
  root: string,
  workTree: WorkTreeState | undefined,
  { destination, env = process.env }: Guard,
): Promise<CommitResult | undefined> => {
  const shape = destination === undefined ? undefined : checkDestinationName(destination)
  if (shape !== undefined) return shape
  if (workTree === undefined) return checkInsideWorkTree(root)
  return checkBranch({ root, state: workTree, destination, env })
}

/** Checks the project, once for all requests. */
const checkFor = async (root: string, guard: Guard): Promise<RequestCheck> => {
  const { allow = DEFAULT_ALLOWED, env = process.env, inner } = guard
  const workTree = await readWorkTree(root, env)
  const refused = await findRefusal(root, workTree, guard)
  if (refused !== undefined) return () => stop(refused)
  if (workTree === undefined) return ok
  const byIndex = inner.commitsOnlyItsPaths === true ? undefined : await stagedPathsCheck(workTree)
  // The check holds only for this branch, or for a detached HEAD: the user can switch before the commit.
  const head = expectedHead(workTree.head)
  return (request) => {
    const wrong = checkPaths(request, workTree.prefix, allow) ?? byIndex?.(request)
    return wrong === undefined ? ok({ ...request, head }) : stop(wrong)
  }
}

const checkForOrFailure = async (root: string, guard: Guard): Promise<RequestCheck> => {
  try {
    return await checkFor(root, guard)
  } catch (error) {
    const failed = stopOnError(error)
    return () => failed
  }
}

const commitAllowed = async (
  root: string,
  requests: readonly CommitRequest[],
  guard: Guard,
): Promise<readonly CommitResult[]> => {
  if (requests.length === 0) return []
  const verdicts = requests.map(await checkForOrFailure(root, guard))
  const allowed = verdicts.flatMap((verdict) => (verdict.ok ? [verdict.value] : []))
  const results = allowed.length === 0 ? [] : await guard.inner.commit(root, allowed)
  const answers = results.values()
  // A result that the inner strategy fails to return is left out, so that the caller notices the count.
  return verdicts.flatMap((verdict) =>
    verdict.ok ? (answers.next().value ?? []) : [verdict.result],
  )
}

const findBlocker = async (root: string, guard: Guard): Promise<CommitResult | undefined> => {
  const workTree = await readWorkTree(root, guard.env)
  return (await findRefusal(root, workTree, guard)) ?? guard.inner.blockedBy?.(root)
}

/**
 * Wraps a strategy so that it commits only to the declared branch, never to a protected one, and only allowed
 * paths. Decides from the repository's state before anything is staged. Refused requests are not passed to the
 * inner strategy; outside a repository, the inner strategy decides. The codes of `refused`: `HEAD_MISMATCH`,
 * `DESTINATION_REF_SHAPE`, `DESTINATION_NOT_FOUND`, `EMPTY_CHANGESET`, `NOT_A_WORKTREE`, `PROTECTED_BRANCH`,
 * `PATH_POLICY`, `UNEXPECTED_STAGED_PATH`, and `CONFIG_INVALID`.
 */
export const safeCommitGuard = (
  inner: CommitStrategy,
  options: SafeCommitGuardOptions = {},
): CommitStrategy => {
  const { destination, allow = DEFAULT_ALLOWED } = options
  return {
    name: `safe-commit(${inner.name})`,
    options: {
      ...(destination !== undefined && { destination }),
      allow,
      inner: inner.options ?? {},
    },
    ...(inner.commits !== undefined && { commits: inner.commits }),
    ...(inner.commitsOnlyItsPaths !== undefined && {
      commitsOnlyItsPaths: inner.commitsOnlyItsPaths,
    }),
    commit: (root, requests) => commitAllowed(root, requests, { ...options, inner }),
    blockedBy: (root) => findBlocker(root, { ...options, inner }).catch(failureFromError),
    ...(inner.reader && { reader: inner.reader }),
  }
}
