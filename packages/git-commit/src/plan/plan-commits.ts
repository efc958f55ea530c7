import type { CommitResult } from '@kitty/writer'
import { ATTRIBUTES_PATH, shellWord } from '@kitty/writer/internals'
import { ok, type Result, stop } from '../git/result.js'
import { blobId, type ObjectFormat } from '../objects/object.js'
import type { FileChange } from '../objects/tree-editor.js'
import { blobAt, type HeadTree } from '../repository/head-tree.js'
import { type IgnoreRule, ignoredResult } from '../repository/ignore.js'
import { lastCommitOf, lastCommitOfRecord } from '../repository/last-commit.js'
import { refuseClosedInHead } from './closed-in-head.js'
import type { PlannedRequest } from './planned-request.js'
import type { RepoState } from './repo-state.js'

/** A commit to make. `position` is the place of its result among the results. */
export type PlannedCommit = {
  readonly position: number
  readonly planned: PlannedRequest
  readonly changes: readonly FileChange[]
  readonly notes: readonly string[]
}

/** Whether HEAD already holds a change. */
const isInHead = (change: FileChange, head: HeadTree, format: ObjectFormat): boolean => {
  const blob = blobAt(head, change.path)
  return blob === (change.kind === 'write' ? blobId(change.bytes, format) : undefined)
}

/** Returns a note for each evidence file that HEAD does not hold, although it holds the record. */
const notesForMissingEvidence = (
  { extras }: PlannedRequest,
  head: HeadTree,
  format: ObjectFormat,
): readonly string[] =>
  extras
    .filter((change) => !change.path.endsWith(ATTRIBUTES_PATH) && !isInHead(change, head, format))
    .map(({ path }) => `${path} is not in that commit. To keep it: git add -- ${shellWord(path)}`)

const committedEarlier = async (
  slot: PlannedRequest,
  path: string,
  repo: RepoState,
): Promise<CommitResult> => {
  const commitOf = slot.request.kind === 'op' ? lastCommitOfRecord : lastCommitOf
  const sha = (await commitOf(repo.workTree.top, path)) ?? repo.tip
  if (sha === undefined) {
    const message = `No commit that holds ${path} was found.`
    return { status: 'failed', code: 'GIT_FAILED', message }
  }
  const notes = notesForMissingEvidence(slot, repo.head, repo.repoConfig.objectFormat)
  return { status: 'committed', sha, earlier: true, ...(notes.length > 0 && { notes }) }
}

/**
 * Drops the extras that git ignores, with a note for each. Stops if a needed change is ignored. `.gitattributes` is
 * added only if HEAD does not have it.
 */
const dropIgnored = (
  planned: PlannedRequest,
  head: HeadTree,
  ignored: ReadonlyMap<string, IgnoreRule>,
): Result<{ changes: FileChange[]; notes: string[] }> => {
  const notes: string[] = []
  const changes: FileChange[] = [...planned.needed]
  for (const change of planned.needed) {
    const rule = change.kind === 'write' ? ignored.get(change.path) : undefined
    // Committing only half of a move would lose a record.
    if (rule !== undefined) return stop(ignoredResult(change.path, rule))
  }
  for (const change of planned.extras) {
    const rule = ignored.get(change.path)
    const isAttributes = change.path.endsWith(ATTRIBUTES_PATH)
    if (rule !== undefined) {
      if (!isAttributes) notes.push(`${change.path} was left out: git ignores it (${rule.source}).`)
    } else if (!(isAttributes && blobAt(head, change.path) !== undefined)) changes.push(change)
  }
  return ok({ changes, notes })
}

const planCommit = async (
  planned: PlannedRequest,
  repo: RepoState,
): Promise<Result<Omit<PlannedCommit, 'position'>>> => {
  const path = planned.needed[0]?.path
  const { objectFormat } = repo.repoConfig
  if (path !== undefined && planned.needed.every((it) => isInHead(it, repo.head, objectFormat))) {
    return stop(await committedEarlier(planned, path, repo))
  }
  const refused = await refuseClosedInHead(planned, repo)
  if (refused !== undefined) return stop(refused)
  const remaining = dropIgnored(planned, repo.head, repo.ignored)
  return remaining.ok ? ok({ planned, ...remaining.value }) : remaining
}

/** Decides which requests need a commit (`commits`). `results` holds the results of the others, by position. */
export const planCommits = async (
  slots: readonly Result<PlannedRequest>[],
  repo: RepoState,
): Promise<{ results: Map<number, CommitResult>; commits: PlannedCommit[] }> => {
  const results = new Map<number, CommitResult>()
  const commits: PlannedCommit[] = []
  for (const [position, slot] of slots.entries()) {
    const plan = slot.ok ? await planCommit(slot.value, repo) : slot
    if (plan.ok) commits.push({ position, ...plan.value })
    else results.set(position, plan.result)
  }
  return { results, commits }
}
