import type { Durability } from '@kitty/writer'

/** The settings of a project, from its configuration. */
export type Settings = {
  /** `ops.commit` */
  readonly commit: 'direct' | 'safe' | 'none'
  /** `ops.actor`: the name of a person in a record: `operator`, or their name in git. */
  readonly actor: 'operator' | 'git'
  /** `ops.durability` */
  readonly durability: Durability
  /** `ops.redact` */
  readonly redact: boolean
  /** `ops.commit_index`; absent: only where the branch tracks the index. */
  readonly commitIndex?: boolean
  /** `ops.threshold_hours`: the age from which an open Op counts as stale. */
  readonly thresholdHours: number
  /** `protection.protected_branches`, for the safe-commit guard; absent if not set. */
  readonly protectedBranches?: readonly string[]
}

/** The default settings. */
export const DEFAULTS: Settings = {
  commit: 'direct',
  actor: 'operator',
  durability: 'power',
  redact: true,
  thresholdHours: 24,
}
