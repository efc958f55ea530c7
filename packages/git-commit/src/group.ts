import { randomBytes } from 'node:crypto'
import type { CommitRequest, Durability } from '@kitty/writer'
import type { FileChange, ImportPlan } from './fast-import.js'
import { type HeadMoveAnswer, moveHead } from './move-head.js'
import { nullId } from './repository-facts.js'
import type { Entry, Situation } from './situation.js'

/** What is committed together: a commit for each entry, one on the other. */
export type Group = {
  readonly at: Situation
  readonly entries: readonly Entry[]
  readonly durability: Durability
  readonly config: readonly string[]
  /** What travels with the last commit besides its own changes. */
  readonly index: FileChange | undefined
}

/** Makes git sync what it writes, in the order in which it must reach the platter. */
export const FSYNC = ['core.fsync=committed,loose-object,index,reference']

/** A group is as durable as the strongest of its requests asks for. */
export const strongest = (requests: readonly CommitRequest[]): Durability =>
  requests.every(({ durability }) => durability === 'process') ? 'process' : 'power'

/** The commits to make. */
export const planOf = (group: Group): ImportPlan => {
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

/** Moves HEAD from the tip that was looked at to `to`. */
export const moveTo = (group: Group, to: string): Promise<HeadMoveAnswer> =>
  moveHead({
    top: group.at.state.top,
    from: group.at.tip ?? nullId(group.at.facts.objectFormat),
    to,
    reason: reflogReason(group),
    config: group.config,
  })

/** What the index is to hold in the end: each path once. */
export const changesOf = ({ entries, index }: Group): FileChange[] => {
  const changes = [...entries.flatMap((entry) => entry.changes), ...(index ? [index] : [])]
  return [...new Map(changes.map((change) => [change.path, change])).values()]
}
