import type { CommitResult } from '@kitty/writer'
import { ATTRIBUTES_PATH, shellWord } from '@kitty/writer/internals'
import { isFailure } from '../git/failures.js'
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
  return 'remove' in change ? blob === undefined : blob === blobId(change.bytes, format)
}

/** Whether HEAD already holds what is decisive: the record of an Op, or every move of an archive. */
const isCommitted = (planned: PlannedRequest, head: HeadTree, format: ObjectFormat): boolean => {
  const decisive = planned.request.kind === 'op' ? planned.changes.slice(0, 1) : planned.changes
  return decisive.every((change) => isInHead(change, head, format))
}

/** Returns a note for each evidence file that HEAD does not hold, although it holds the record. */
const notesForMissingEvidence = (
  { changes }: PlannedRequest,
  head: HeadTree,
  format: ObjectFormat,
): readonly string[] =>
  changes
    .slice(1)
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
  const notes =
    slot.request.kind === 'op'
      ? notesForMissingEvidence(slot, repo.head, repo.repoConfig.objectFormat)
      : []
  return { status: 'committed', sha, earlier: true, ...(notes.length > 0 && { notes }) }
}

/**
 * Drops the changes that git ignores, with a note for each. Returns a result instead if the record itself, or any
 * part of an archive, is ignored. `.gitattributes` is added only if HEAD does not have it.
 */
const dropIgnored = (
  planned: PlannedRequest,
  head: HeadTree,
  ignored: ReadonlyMap<string, IgnoreRule>,
): { changes: FileChange[]; notes: string[] } | CommitResult => {
  const notes: string[] = []
  const changes: FileChange[] = []
  for (const [position, change] of planned.changes.entries()) {
    const rule = ignored.get(change.path)
    const isNeeded = position === 0 || planned.request.kind === 'archive'
    // Committing only half of a move would lose a record.
    if (rule !== undefined && isNeeded) return ignoredResult(change.path, rule)
    const isAttributes = change.path.endsWith(ATTRIBUTES_PATH)
    if (rule !== undefined) {
      if (!isAttributes) notes.push(`${change.path} was left out: git ignores it (${rule.source}).`)
    } else if (!(isAttributes && blobAt(head, change.path) !== undefined)) changes.push(change)
  }
  return { changes, notes }
}

const planCommit = async (
  slot: PlannedRequest | CommitResult,
  repo: RepoState,
): Promise<CommitResult | Omit<PlannedCommit, 'position'>> => {
  if (isFailure(slot)) return slot
  const path = slot.changes[0]?.path
  if (path !== undefined && isCommitted(slot, repo.head, repo.repoConfig.objectFormat)) {
    return committedEarlier(slot, path, repo)
  }
  const refused = await refuseClosedInHead(slot, repo)
  if (refused !== undefined) return refused
  const remaining = dropIgnored(slot, repo.head, repo.ignored)
  return isFailure(remaining) ? remaining : { planned: slot, ...remaining }
}

/** Decides which requests need a commit (`commits`). `results` holds the results of the others, by position. */
export const planCommits = async (
  slots: readonly (PlannedRequest | CommitResult)[],
  repo: RepoState,
): Promise<{ results: Map<number, CommitResult>; commits: PlannedCommit[] }> => {
  const results = new Map<number, CommitResult>()
  const commits: PlannedCommit[] = []
  for (const [position, slot] of slots.entries()) {
    const verdict = await planCommit(slot, repo)
    if (isFailure(verdict)) results.set(position, verdict)
    else commits.push({ position, ...verdict })
  }
  return { results, commits }
}
