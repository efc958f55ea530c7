import type { CommitRequest, CommitResult, CommitStrategy } from '@kitty/writer'
import { type DirectGitOptions, meansOf } from './direct-git-options.js'
import { forAll, isResult, unexpected } from './git/failures.js'
import { type Entry, sortOut } from './plan/entries.js'
import { type PlannedRequest, planRequest } from './plan/planned-request.js'
import { type RepoState, readRepoState } from './plan/repo-state.js'
import { findCommits } from './repository/find-commits.js'
import { branchOf } from './repository/head.js'
import { readWorkTree, type WorkTreeState } from './repository/work-tree.js'
import type { Means } from './transaction/commit-set.js'
import { leaveMaintenance } from './transaction/maintenance.js'
import { commitGroup } from './transaction/transaction.js'

type CommitInRoot = (
  root: string,
  requests: readonly CommitRequest[],
) => Promise<readonly CommitResult[]>

/** An Op is known by its record, whatever else travels with it. */
const keyOf = ({ kind, root, write, remove }: CommitRequest): string =>
  JSON.stringify(kind === 'op' ? [root, write[0]] : [root, write, remove])

/** Hands requests on by project root, the same Op only once, and puts the answers in order again. */
const byRoot = async (
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
  message: 'HEAD is detached: the next checkout would take a record committed here off the disk.',
  hint: 'Switch to a branch; the next completion there commits the Op.',
}

const notNow = (workTree: WorkTreeState, means: Means): CommitResult | undefined => {
  if (workTree.inProgress !== undefined) return { status: 'deferred', ...workTree.inProgress }
  return workTree.head.kind === 'detached' && means.detached !== 'commit' ? detachedHead : undefined
}

type Slot = PlannedRequest | CommitResult

const otherBranch = (branch: string): CommitResult => ({
  status: 'deferred',
  reason: 'head-moved',
  message: `${branch === '' ? 'HEAD is no longer detached' : `Another branch than "${branch}" is checked out`} by now.`,
  hint: 'The Op stays pending and is judged anew with the next completion.',
})

const plan = async (request: CommitRequest, { head, prefix }: WorkTreeState): Promise<Slot> => {
  const { branch = branchOf(head) } = request
  return branch === branchOf(head) ? planRequest(request, prefix) : otherBranch(branch)
}

const TRIES = 5

const headKeepsMoving: CommitResult = {
  status: 'deferred',
  reason: 'head-moved',
  message: `The branch moved ${TRIES} times while the Op was being committed.`,
  hint: 'It stays pending and is tried again with the next completion.',
}

const committed = (entry: Entry, sha: string): CommitResult => ({
  status: 'committed',
  sha,
  ...(entry.notes.length > 0 && { notes: entry.notes }),
})

/** Commits what is to be committed in a situation. */
const commitIn = async (
  repo: RepoState,
  slots: readonly Slot[],
  means: Means,
): Promise<readonly CommitResult[] | 'moved'> => {
  const { results, entries } = await sortOut(slots, repo)
  const answer = entries.length === 0 ? { ids: [] } : await commitGroup(repo, entries, means)
  if (answer === 'moved') return answer
  if ('ids' in answer) leaveMaintenance(repo.workTree.top, repo.repoConfig, answer.ids)
  for (const [number, entry] of entries.entries()) {
    const result = 'ids' in answer ? committed(entry, answer.ids[number] ?? '') : answer
    results.set(entry.position, result)
  }
  return slots.map((_, position) => results.get(position) ?? headKeepsMoving)
}

/** One try on the tip as it is now. */
const tryOnce = async (
  workTree: WorkTreeState,
  slots: readonly Slot[],
  means: Means,
): Promise<readonly CommitResult[] | 'moved'> => {
  const planned = slots.flatMap((slot) => (isResult(slot) ? [] : [slot]))
  const repo = await readRepoState(workTree, planned, means.readRepoConfig)
  if (isResult(repo)) return slots.map((slot) => (isResult(slot) ? slot : repo))
  return commitIn(repo, slots, means)
}

const commitInRoot = async (
  root: string,
  requests: readonly CommitRequest[],
  means: Means,
): Promise<readonly CommitResult[]> => {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const workTree = await readWorkTree(root, means.env)
    if (workTree === undefined) {
      return forAll(requests.length, { status: 'skipped', reason: 'no-repository' })
    }
    const wait = notNow(workTree, means)
    if (wait !== undefined) return forAll(requests.length, wait)
    const slots = await Promise.all(requests.map((request) => plan(request, workTree)))
    const results = await tryOnce(workTree, slots, means)
    if (results !== 'moved') return results
  }
  return forAll(requests.length, headKeepsMoving)
}

const commitSafely = async (
  root: string,
  requests: readonly CommitRequest[],
  means: Means,
): Promise<readonly CommitResult[]> => {
  try {
    return await commitInRoot(root, requests, means)
  } catch (error) {
    return forAll(requests.length, unexpected(error))
  }
}

/**
 * Commits with git itself, past the user's index and hooks: the default strategy.
 *
 * Look (work tree, HEAD, identity, ignore rules) → prepare (objects, and a changed copy of the index
 * under git's own lock) → publish the index → move HEAD from the tip that was looked at, or start
 * again. What a crash after each step leaves, and who heals it, stands in `docs/durability.md`.
 */
export const directGit = (options: DirectGitOptions = {}): CommitStrategy => {
  const means = meansOf(options)
  return {
    name: 'direct-git',
    options: { detached: means.detached, sign: means.sign },
    commitsOnlyItsPaths: true,
    commit: (requests) => byRoot(requests, (root, here) => commitSafely(root, here, means)),
    findCommits,
  }
}
