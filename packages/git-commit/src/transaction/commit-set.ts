import type { CommitRequest, Durability } from '@kitty/writer'
import type { FileChange } from '../objects/tree-editor.js'
import type { PlannedCommit } from '../plan/plan-commits.js'
import type { RepoState } from '../plan/repo-state.js'
import type { RepoConfigReader } from '../repository/config-cache.js'

/** Whether the commits of a strategy are signed: as `commit.gpgSign` says, never, or always. */
export type Signing = 'auto' | 'never' | 'always'

/** The values that git reads as true; any number except zero is one. */
const ON = /^(?:true|yes|on|[+-]?0*[1-9]\d*)$/i

export const isToSign = (signing: Signing, config: ReadonlyMap<string, string>): boolean =>
  signing === 'always' || (signing === 'auto' && ON.test(config.get('commit.gpgsign') ?? ''))

/** The options of direct git with their defaults, and the configuration reader that is kept between commits. */
export type ResolvedOptions = {
  readonly detached: 'defer' | 'commit'
  readonly lockTimeoutMs: number
  readonly gitTimeoutMs: number | undefined
  readonly sign: Signing
  readonly signTimeoutMs: number
  readonly env: NodeJS.ProcessEnv | undefined
  readonly readRepoConfig: RepoConfigReader
}

/** The commits of one transaction, each the parent of the next. */
export type CommitSet = {
  readonly repo: RepoState
  readonly commits: readonly PlannedCommit[]
  readonly options: ResolvedOptions
  readonly sign: boolean
  readonly durability: Durability
  readonly config: readonly string[]
  /** Added to the last commit: the index cache. */
  readonly index: FileChange | undefined
}

/** Returns the strongest durability that one of the requests asks for. */
export const strongestDurability = (requests: readonly CommitRequest[]): Durability =>
  requests.every(({ durability }) => durability === 'process') ? 'process' : 'power'

type CommitContents = { readonly message: string; readonly changes: readonly FileChange[] }

/** Returns the message and the changes of each commit. */
export const contentsOf = ({ commits, index }: CommitSet): CommitContents[] => {
  const last = commits.at(-1)
  return commits.map((entry) => ({
    message: entry.planned.request.message,
    changes: entry === last && index !== undefined ? [...entry.changes, index] : entry.changes,
  }))
}

/** Returns the message for the reflog. */
export const reflogReason = ({ commits }: Pick<CommitSet, 'commits'>): string =>
  commits.length === 1
    ? (commits[0]?.planned.request.message.split('\n')[0] ?? '')
    : `op: ${commits.length} Ops`

/** Returns the changes that the index must contain, each path once. */
export const changesOf = ({ commits, index }: CommitSet): FileChange[] => {
  const changes = [...commits.flatMap((entry) => entry.changes), ...(index ? [index] : [])]
  return [...new Map(changes.map((change) => [change.path, change])).values()]
}
