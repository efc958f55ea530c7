import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import {
  ATTRIBUTES_PATH,
  type CommitRequest,
  type CommitResult,
  type Durability,
} from '@kitty/writer'
import type { FileChange, ImportPlan } from './fast-import.js'
import { unexpected } from './git-failures.js'
import { importCommits } from './import-commits.js'
import { refreshIndexCache } from './index-cache.js'
import { type IndexUpdate, prepareIndexUpdate } from './index-update.js'
import { type HeadMoveAnswer, moveHead } from './move-head.js'
import { belowTop, type HeadBlobs, isCommitted } from './planned-request.js'
import { nullId } from './repository-facts.js'
import { isResult } from './result.js'
import type { Entry, Situation } from './situation.js'
import { lookAtWorkTree } from './work-tree.js'

export type GroupOptions = {
  readonly lockTimeoutMs: number
  readonly env: NodeJS.ProcessEnv | undefined
}

/**
 * What became of a group: the ids of its commits, in order; or nothing changed, because HEAD `moved`
 * meanwhile, because HEAD holds some of it already (and what it holds), or as the result says.
 */
export type GroupAnswer =
  | { readonly ids: readonly string[] }
  | { readonly inHead: HeadBlobs }
  | 'moved'
  | CommitResult

type Group = {
  readonly at: Situation
  readonly entries: readonly Entry[]
  readonly durability: Durability
  readonly config: readonly string[]
  /** What travels with the last commit besides its own changes. */
  readonly index: FileChange | undefined
}

const FSYNC = ['core.fsync=committed,loose-object,index,reference']

const strongest = (requests: readonly CommitRequest[]): Durability =>
  requests.every(({ durability }) => durability === 'process') ? 'process' : 'power'

const planOf = (group: Group): ImportPlan => {
  const { facts, tip } = group.at
  const last = group.entries.at(-1)
  return {
    ref: `refs/kitty/${process.pid}-${randomBytes(6).toString('hex')}`,
    parent: tip,
    lookUp: group.entries.flatMap(({ changes }) => changes.map(({ path }) => path)),
    author: facts.author,
    committer: facts.committer,
    nullId: nullId(facts.objectFormat),
    commits: group.entries.map((entry) => ({
      message: entry.planned.request.message,
      changes:
        entry === last && group.index !== undefined
          ? [...entry.changes, group.index]
          : entry.changes,
    })),
  }
}

const reflogReason = ({ entries }: Group): string =>
  entries.length === 1
    ? (entries[0]?.planned.request.message.split('\n')[0] ?? '')
    : `op: ${entries.length} Ops`

const moveTo = (group: Group, to: string): Promise<HeadMoveAnswer> =>
  moveHead({
    top: group.at.state.top,
    from: group.at.tip ?? nullId(group.at.facts.objectFormat),
    to,
    reason: reflogReason(group),
    config: group.config,
  })

/** A rebase that began, or a switch to another branch with the same tip, would pass the swap unseen. */
const isAsBefore = async ({ at: { state } }: Group, options: GroupOptions): Promise<boolean> => {
  const now = await lookAtWorkTree(join(state.top, state.prefix), options.env)
  return now !== undefined && now.busy === undefined && isDeepStrictEqual(now.head, state.head)
}

/**
 * Index first, then the branch. A crash in between leaves a staged record, which the next try
 * commits; the other way round it would leave a staged deletion, and the user's next commit would
 * take the record away. The index stays locked meanwhile, so no commit of the user's falls in between.
 */
const show = async (
  group: Group,
  update: IndexUpdate,
  ids: readonly string[],
  options: GroupOptions,
): Promise<GroupAnswer> => {
  if (!(await isAsBefore(group, options))) return 'moved'
  await update.publish()
  const answer = await moveTo(group, ids.at(-1) ?? '')
  if (answer === 'done') return { ids }
  update.retract()
  return answer
}

/**
 * Whether what HEAD holds changes what is to be committed. That is rare, so it is not asked before
 * but told by the importer, which reads those trees anyway; then all is prepared once more.
 */
const isNews = ({ at, entries }: Group, inHead: HeadBlobs): boolean =>
  inHead.size > at.head.size &&
  entries.some(
    ({ planned, changes }) =>
      isCommitted(planned, inHead, at.facts.objectFormat) ||
      changes.some(({ path }) => path.endsWith(ATTRIBUTES_PATH) && inHead.has(path)),
  )

const write = async (group: Group, options: GroupOptions): Promise<GroupAnswer> => {
  const { top, gitDir } = group.at.state
  const paths = [...group.entries.flatMap(({ changes }) => changes), group.index]
  const [update, imported] = await Promise.all([
    prepareIndexUpdate({
      top,
      gitDir,
      paths: [...new Set(paths.flatMap((change) => (change ? [change.path] : [])))],
      durability: group.durability,
      config: group.config,
      timeoutMs: options.lockTimeoutMs,
    }),
    // Never rejects: the other must be waited for, whose lock has to be let go.
    importCommits(top, planOf(group), group.config).catch(unexpected),
  ])
  if ('status' in update) return update
  try {
    if (isResult(imported)) return imported
    if (isNews(group, imported.inParent)) return { inHead: imported.inParent }
    return await show(group, update, imported.ids, options)
  } finally {
    update.finish()
  }
}

/** Commits a group: one index update, one stream, a commit for each entry, one move of HEAD. */
export const commitGroup = async (
  at: Situation,
  entries: readonly Entry[],
  options: GroupOptions,
): Promise<GroupAnswer> => {
  const requests = entries.map(({ planned }) => planned.request)
  const durability = strongest(requests)
  const cache = await refreshIndexCache(
    requests.filter(({ index }) => index && !at.ignored.has(belowTop(at.state.prefix, index))),
    at.state.prefix,
  )
  const config = durability === 'power' ? FSYNC : []
  const answer = await write({ at, entries, durability, config, index: cache.change }, options)
  // Nothing was committed, so nothing that git tracks may have changed.
  if (answer === 'moved' || !('ids' in answer)) await cache.undo()
  return answer
}
