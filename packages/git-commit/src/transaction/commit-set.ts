import type { CommitRequest, Durability } from '@kitty/writer'
import type { FileChange } from '../objects/tree-editor.js'
import type { PlannedCommit } from '../plan/plan-commits.js'
import type { RepoState } from '../plan/repo-state.js'
import type { RepoConfigReader } from '../repository/config-cache.js'

/** Whether the commits of a strategy are signed: as `commit.gpgSign` says, never, or always. */
export type Signing = 'auto' | 'never' | 'always'

/** As git reads a setting that is on or off: any number but zero is on. */
const ON = /^(?:true|yes|on|[+-]?0*[1-9]\d*)$/i

export const isToSign = (signing: Signing, config: ReadonlyMap<string, string>): boolean =>
  signing === 'always' || (signing === 'auto' && ON.test(config.get('commit.gpgsign') ?? ''))

/** The options of direct git, each with its value; and what is remembered from one commit to the next. */
export type ResolvedOptions = {
  readonly detached: 'defer' | 'commit'
  readonly lockTimeoutMs: number
  readonly gitTimeoutMs: number | undefined
  readonly sign: Signing
  readonly signTimeoutMs: number
  readonly env: NodeJS.ProcessEnv | undefined
  readonly readRepoConfig: RepoConfigReader
}

/** What is committed together: a commit for each entry, one on the other. */
export type CommitSet = {
  readonly repo: RepoState
  readonly commits: readonly PlannedCommit[]
  readonly options: ResolvedOptions
  readonly sign: boolean
  readonly durability: Durability
  readonly config: readonly string[]
  /** What travels with the last commit besides its own changes. */
  readonly index: FileChange | undefined
}

/**
 * Makes git sync what it writes, in the order in which it must reach the platter. The index is not
 * among it: a changed one is not git's to put in its place, see `index-file`.
 */
export const FSYNC = ['core.fsync=committed,loose-object,reference']

/** A group is as durable as the strongest of its requests asks for. */
export const strongestDurability = (requests: readonly CommitRequest[]): Durability =>
  requests.every(({ durability }) => durability === 'process') ? 'process' : 'power'

type CommitContents = { readonly message: string; readonly changes: readonly FileChange[] }

/** The commits to make. */
export const contentsOf = ({ commits, index }: CommitSet): CommitContents[] => {
  const last = commits.at(-1)
  return commits.map((entry) => ({
    message: entry.planned.request.message,
    changes: entry === last && index !== undefined ? [...entry.changes, index] : entry.changes,
  }))
}

/** What the reflog is to say. */
export const reflogReason = ({ commits }: Pick<CommitSet, 'commits'>): string =>
  commits.length === 1
    ? (commits[0]?.planned.request.message.split('\n')[0] ?? '')
    : `op: ${commits.length} Ops`

/** What the index is to hold in the end: each path once. */
export const changesOf = ({ commits, index }: CommitSet): FileChange[] => {
  const changes = [...commits.flatMap((entry) => entry.changes), ...(index ? [index] : [])]
  return [...new Map(changes.map((change) => [change.path, change])).values()]
}
