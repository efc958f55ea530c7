// Which commits the work of an Op consists of: those that HEAD has gained since the Op was opened, along first parents.
//
//   start was rebased or amended away, or   what is left of it counts: commits whose patch HEAD's side does not share
//   another branch is checked out           with the other one
//   pulled, or older than the start         not made here: left out, unless the reflog says that they were made here
//   commits of Ops and of records alone     no work: left out
//   a merge                                 counts itself; of what it merged counts what was made here since

import { KittyError } from '@kitty/record'
import { EVIDENCE_DIR, type HeadAtStart, OPS_DIR, type WorkSince } from '@kitty/writer/internals'
import { toTopPath } from '../git/paths.js'
import { gitText } from '../git/query.js'
import { runGit } from '../git/run-git.js'
import type { HistoryCommit } from '../inspect/history-format.js'
import { readTip } from '../repository/head.js'
import { readWorkTree, type WorkTreeState } from '../repository/work-tree.js'
import { changesOfCommits, isWork } from './logged.js'
import { readReflogSince } from './reflog.js'

/** How many commits one Op is linked to at most. */
const MOST_LINKED = 50

/** How many commits are looked at, newest first. */
const MOST_READ = 5000

const NOTHING: WorkSince = { commits: [], total: 0 }

const listed = async (top: string, args: readonly string[]): Promise<readonly string[]> => {
  const list = await gitText(top, ['rev-list', ...args], { what: 'read the history' })
  return list.split('\n').slice(0, -1)
}

/** Whether a commit is an ancestor of another one. Throws `REV_NOT_FOUND` if this clone does not have it. */
const isAncestor = async (top: string, start: string, tip: string): Promise<boolean> => {
  const answer = await runGit(top, ['merge-base', '--is-ancestor', start, tip])
  if (answer.exitCode <= 1) return answer.ok
  const message = `the commit ${start.slice(0, 10)}, which was checked out when the Op was opened, is not in this clone.`
  throw new KittyError('REV_NOT_FOUND', message, {
    hint: 'In a shallow clone, fetch more first: git fetch --unshallow',
  })
}

/** A range of commits that HEAD has and the start does not. */
type Range = { readonly start: string; readonly tip: string; readonly isStraight: boolean }

/** The ids of a range along first parents, newest first. */
const idsIn = (top: string, { start, tip }: Range, without: readonly string[] = []) => {
  const args = ['--first-parent', `--max-count=${MOST_READ}`, tip]
  return listed(top, [...args, ...[start, ...without].flatMap((id) => (id ? [`^${id}`] : []))])
}

/** Those of a range whose patch is not on the other side: a rebase rewrites commits that are older than the Op. */
const newPatches = async (top: string, { start, tip }: Range): Promise<ReadonlySet<string>> =>
  new Set(await listed(top, ['--cherry-pick', '--right-only', `${start}...${tip}`]))

/**
 * The ids of a range along first parents, and beside them those of commits that were made here at some time, such as on
 * a branch that was merged; newest first.
 */
const withMerged = async (
  top: string,
  { start, tip }: Range,
  { along, made }: { readonly along: readonly string[]; readonly made: ReadonlySet<string> },
): Promise<readonly string[]> => {
  const wanted = new Set([...along, ...made])
  if (wanted.size === along.length) return along
  const args = ['--topo-order', `--max-count=${MOST_READ}`, tip, ...(start ? [`^${start}`] : [])]
  return (await listed(top, args)).filter((id) => wanted.has(id))
}

/** The commits of a range that were made here, newest first, as far as their times and the reflog tell. */
const madeHere = async (top: string, range: Range, at: Date): Promise<readonly HistoryCommit[]> => {
  const along = await idsIn(top, range)
  const { made, everMade, brought } = await readReflogSince(top, range.start)
  const own = brought.length === 0 ? along : await idsIn(top, range, brought)
  const ids = await withMerged(top, range, { along, made: everMade })
  const [here, since] = [new Set([...own, ...everMade]), Math.floor(at.getTime() / 1000) * 1000]
  const commits = await changesOfCommits(top, ids)
  return commits.filter(({ sha, at }) => made.has(sha) || (here.has(sha) && at >= since))
}

const workIn = async (
  { top, prefix }: WorkTreeState,
  range: Range,
  at: Date,
): Promise<readonly string[]> => {
  const folders = [OPS_DIR, EVIDENCE_DIR].map((folder) => `${toTopPath(prefix, folder)}/`)
  const isOfRecords = (path: string) => folders.some((folder) => path.startsWith(folder))
  const commits = (await madeHere(top, range, at)).filter((commit) => isWork(commit, isOfRecords))
  const work = commits.map(({ sha }) => sha)
  if (range.isStraight || work.length === 0) return work
  const fresh = await newPatches(top, range)
  return work.filter((sha) => fresh.has(sha))
}

/**
 * Implements `workSince` of the port.
 *
 * @throws KittyError `NO_REPOSITORY`, `REV_NOT_FOUND`, `GIT_FAILED`, `GIT_NOT_STARTED`.
 */
export const workSince = async (root: string, { head, at }: HeadAtStart): Promise<WorkSince> => {
  const workTree = await readWorkTree(root)
  if (workTree === undefined) {
    throw new KittyError('NO_REPOSITORY', 'this is not a git repository.', {
      hint: 'Run this in a clone of the repository.',
    })
  }
  const { top } = workTree
  const tip = await readTip(workTree, workTree.head)
  if (tip === undefined || tip === head) return NOTHING
  const isStraight = head === '' || (await isAncestor(top, head, tip))
  const work = await workIn(workTree, { start: head, tip, isStraight }, at)
  return { commits: work.slice(0, MOST_LINKED).toReversed(), total: work.length }
}

/** Implements `headCommit` of the port. */
export const headCommit = async (root: string): Promise<string | undefined> => {
  const workTree = await readWorkTree(root)
  return workTree && ((await readTip(workTree, workTree.head)) ?? '')
}
