import type { CommitRequest, CommitResult, CommitStrategy } from '@kitty/writer'
import { canCreateIn, findWorkTree } from '@kitty/writer/internals'
import { type DirectGitOptions, resolveOptions } from './direct-git-options.js'
import { failureFromError, repeat } from './git/failures.js'
import { ok, type Result, stop } from './git/result.js'
import { type PlannedCommit, planCommits } from './plan/plan-commits.js'
import { type PlannedRequest, planRequest } from './plan/planned-request.js'
import { type RepoState, readRepoState } from './plan/repo-state.js'
import { findCommits } from './repository/find-commits.js'
import { branchOf } from './repository/head.js'
import { gitUnreachable, readWorkTree, type WorkTreeState } from './repository/work-tree.js'
import type { ResolvedOptions } from './transaction/commit-set.js'
import { runMaintenanceDetached } from './transaction/maintenance.js'
import { commitTransaction } from './transaction/transaction.js'

type CommitInRoot = (
  root: string,
  requests: readonly CommitRequest[],
) => Promise<readonly CommitResult[]>

/** Identifies an Op by its record, whatever else the request contains. */
const keyOf = ({ kind, root, write, remove }: CommitRequest): string =>
  JSON.stringify(kind === 'op' ? [root, write[0]] : [root, write, remove])

/** Commits by project root, each Op only once. Returns the results in the order of the requests. */
const commitByRoot = async (
  requests: readonly CommitRequest[],
  commit: CommitInRoot,
): Promise<readonly CommitResult[]> => {
  const answers = new Map<string, CommitResult>()
  for (const root of new Set(requests.map((request) => request.root))) {
    const inRoot = requests.filter((request) => request.root === root)
    const distinct = new Map(inRoot.map((request) => [keyOf(request), request]))
    const results = await commit(root, [...distinct.values()])
    for (const [position, key] of [...distinct.keys()].entries()) {
      const result = results[position]
      if (result !== undefined) answers.set(key, result)
    }
  }
  return requests.flatMap((request) => answers.get(keyOf(request)) ?? [])
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
  request: CommitRequest,
  { head, prefix }: WorkTreeState,
): Promise<Slot> => {
  const branch = branchOf(request.head ?? head)
  return branch === branchOf(head) ? planRequest(request, prefix) : stop(otherBranch(branch))
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
    if (workTree === undefined)
      return repeat(
        requests.length,
        (await gitUnreachable(root)) ?? { status: 'skipped', reason: 'no-repository' },
      )
    const wait = deferredResult(workTree, options)
    if (wait !== undefined) return repeat(requests.length, wait)
    const slots = await Promise.all(requests.map((request) => planOrRefuse(request, workTree)))
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
  return (isFailed && (await readOnly(root, requests.length))) || results
}

/** The results if the whole git directory is read-only, as in the sandbox of an agent. */
const readOnly = async (root: string, count: number): Promise<CommitResult[] | undefined> => {
  const gitDir = (await findWorkTree(root))?.gitDir
  if (gitDir === undefined || canCreateIn(gitDir)) return undefined
  return repeat(count, {
    status: 'deferred',
    reason: 'git-read-only',
    message: `The git directory ${gitDir} cannot be written here.`,
    hint: 'The Op stays pending; it is committed by the next Op that can write the git directory.',
  })
}

/**
 * Creates the default strategy: commits with git itself, without touching the user's index entries or running
 * hooks.
 *
 * Steps: read the state (work tree, HEAD, identity, ignore rules), prepare (objects, and a changed copy of the
 * index under git's own lock), publish the index, and move HEAD from the tip that was read. If the tip has moved,
 * start again. `docs/durability.md` lists what a crash after each step leaves, and what recovers it.
 */
export const directGit = (options: DirectGitOptions = {}): CommitStrategy => {
  const resolved = resolveOptions(options)
  return {
    name: 'direct-git',
    options: { detached: resolved.detached, sign: resolved.sign },
    commitsOnlyItsPaths: true,
    commit: (requests) =>
      commitByRoot(requests, (root, here) => commitSafely(root, here, resolved)),
    findCommits,
  }
}
