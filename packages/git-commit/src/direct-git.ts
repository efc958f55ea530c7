import {
  type CommitReader,
  type CommitRequest,
  type CommitResult,
  type CommitStrategy,
  requestPaths,
} from '@kitty/writer'
import { type DirectGitOptions, resolveOptions } from './direct-git-options.js'
import { failureFromError, repeat } from './git/failures.js'
import { ok, type Result, stop } from './git/result.js'
import { type PlannedCommit, planCommits } from './plan/plan-commits.js'
import { type PlannedRequest, planRequest } from './plan/planned-request.js'
import { type RepoState, readRepoState } from './plan/repo-state.js'
import { gitReader } from './reader.js'
import { branchOf } from './repository/head.js'
import { runMaintenanceDetached } from './repository/maintenance.js'
import {
  noWorkTree,
  readOnlyResult,
  readWorkTree,
  type WorkTreeState,
} from './repository/work-tree.js'
import type { ResolvedOptions } from './transaction/commit-set.js'
import { commitTransaction } from './transaction/transaction.js'

/** Identifies an Op by its record, whatever else the request contains. */
const keyOf = (request: CommitRequest): string =>
  request.kind === 'op' ? request.record.path : JSON.stringify(requestPaths(request))

/** Commits each Op only once. Returns the results in the order of the requests. */
const commitOnce = async (
  requests: readonly CommitRequest[],
  commit: (distinct: readonly CommitRequest[]) => Promise<readonly CommitResult[]>,
): Promise<readonly CommitResult[]> => {
  const distinct = new Map(requests.map((request) => [keyOf(request), request]))
  const results = await commit([...distinct.values()])
  const keys = [...distinct.keys()]
  return requests.flatMap((request) => results[keys.indexOf(keyOf(request))] ?? [])
}

const detachedHead: CommitResult = {
  status: 'deferred',
  reason: 'detached-head',
  message: 'HEAD is detached: the next checkout would remove a record committed here from disk.',
  hint: 'Switch to a branch; the Op is committed when the next Op is closed there.',
}

const deferredResult = (
  workTree: WorkTreeState,
  options: ResolvedOptions,
): CommitResult | undefined => {
  if (workTree.inProgress !== undefined) return { status: 'deferred', ...workTree.inProgress }
  return workTree.head.kind === 'detached' && options.detached !== 'commit'
    ? detachedHead
    : undefined
}

/** A request to commit, or the result that it already has. */
type Slot = Result<PlannedRequest>

const otherBranch = (branch: string | undefined): CommitResult => ({
  status: 'deferred',
  reason: 'head-moved',
  message:
    branch === undefined
      ? 'HEAD is no longer detached.'
      : `The branch "${branch}" is no longer checked out.`,
  hint: 'Nothing to do: the Op stays pending and is checked again when the next Op is closed.',
})

const planOrRefuse = async (
  root: string,
  request: CommitRequest,
  { head, prefix }: WorkTreeState,
): Promise<Slot> => {
  const branch = branchOf(request.head ?? head)
  return branch === branchOf(head) ? planRequest(root, request, prefix) : stop(otherBranch(branch))
}

const MAX_ATTEMPTS = 5

const headKeepsMoving: CommitResult = {
  status: 'deferred',
  reason: 'head-moved',
  message: `The branch moved ${MAX_ATTEMPTS} times while the Op was being committed.`,
  hint: 'Nothing to do: the Op stays pending and is retried when the next Op is closed.',
}

const committed = (planned: PlannedCommit, sha: string): CommitResult => ({
  status: 'committed',
  sha,
  ...(planned.notes.length > 0 && { notes: planned.notes }),
})

/** Commits the requests that need it in this state. Returns `undefined` if HEAD has moved by then. */
const commitIn = async (
  repo: RepoState,
  slots: readonly Slot[],
  options: ResolvedOptions,
): Promise<readonly CommitResult[] | undefined> => {
  const { results, commits } = await planCommits(slots, repo)
  const answer = commits.length === 0 ? ok([]) : await commitTransaction(repo, commits, options)
  if (answer.ok) runMaintenanceDetached(repo.workTree.top, repo.repoConfig, answer.value)
  for (const [number, commit] of commits.entries()) {
    const result = answer.ok ? committed(commit, answer.value[number] ?? '') : answer.result
    if (result.status === 'moved') return undefined
    results.set(commit.position, result)
  }
  return slots.map((_, position) => results.get(position) ?? headKeepsMoving)
}

/** Makes one attempt on the tip as it is now. Returns `undefined` if HEAD has moved by then. */
const attemptCommit = async (
  workTree: WorkTreeState,
  slots: readonly Slot[],
  options: ResolvedOptions,
): Promise<readonly CommitResult[] | undefined> => {
  const planned = slots.flatMap((slot) => (slot.ok ? [slot.value] : []))
  const repo = await readRepoState(workTree, planned, options.readRepoConfig)
  if (!repo.ok) return slots.map((slot) => (slot.ok ? repo.result : slot.result))
  return commitIn(repo.value, slots, options)
}

const commitInRoot = async (
  root: string,
  requests: readonly CommitRequest[],
  options: ResolvedOptions,
): Promise<readonly CommitResult[]> => {
  for (let tries = 0; tries < MAX_ATTEMPTS; tries += 1) {
    const workTree = await readWorkTree(root, options.env)
    if (workTree === undefined) return repeat(requests.length, await noWorkTree(root))
    const wait = deferredResult(workTree, options)
    if (wait !== undefined) return repeat(requests.length, wait)
    const slots = await Promise.all(requests.map((it) => planOrRefuse(root, it, workTree)))
    const results = await attemptCommit(workTree, slots, options)
    if (results !== undefined) return results
  }
  return repeat(requests.length, headKeepsMoving)
}

const commitSafely = async (
  root: string,
  requests: readonly CommitRequest[],
  options: ResolvedOptions,
): Promise<readonly CommitResult[]> => {
  const results = await commitInRoot(root, requests, options).catch((error: unknown) =>
    repeat(requests.length, failureFromError(error)),
  )
  // The code varies: Node reports ENOENT if it creates several folders on a read-only file system.
  const isFailed = results.some(({ status }) => status === 'failed')
  const readOnly = isFailed ? await readOnlyResult(root) : undefined
  return readOnly === undefined ? results : repeat(requests.length, readOnly)
}

/** What keeps every Op from being committed now: where HEAD is, an operation, git's configuration, the disk. */
const findBlocker = async (
  root: string,
  options: ResolvedOptions,
): Promise<CommitResult | undefined> => {
  const workTree = await readWorkTree(root, options.env)
  if (workTree === undefined) return noWorkTree(root)
  const wait = deferredResult(workTree, options)
  if (wait !== undefined) return wait
  const repoConfig = await options.readRepoConfig(workTree)
  return repoConfig.ok ? readOnlyResult(root) : repoConfig.result
}

/**
 * Creates the default strategy: commits with git itself, without touching the user's index entries or running
 * hooks.
 *
 * Steps: read the state (work tree, HEAD, identity, ignore rules), prepare (objects, and a changed copy of the
 * index under git's own lock), publish the index, and move HEAD from the tip that was read. If the tip has moved,
 * start again. `docs/durability.md` lists what a crash after each step leaves, and what recovers it.
 */
export const directGit = (
  options: DirectGitOptions = {},
): CommitStrategy & { readonly reader: CommitReader } => {
  const resolved = resolveOptions(options)
  return {
    name: 'direct-git',
    options: { detached: resolved.detached, sign: resolved.sign },
    commitsOnlyItsPaths: true,
    commit: (root, requests) =>
      commitOnce(requests, (distinct) => commitSafely(root, distinct, resolved)),
    blockedBy: (root) => findBlocker(root, resolved).catch(failureFromError),
    reader: gitReader,
  }
}
