import type { Durability } from '@kitty/writer'

/** What a project may decide for itself, in its configuration. */
export type Settings = {
  /** `ops.commit` */
  readonly commit: 'direct' | 'safe' | 'none'
  /** `ops.actor`: who a person at work is: `operator`, or whom git knows them as. */
  readonly actor: 'operator' | 'git'
  /** `ops.durability` */
  readonly durability: Durability
  /** `ops.redact` */
  readonly redact: boolean
  /** `ops.commit_index` */
  readonly commitIndex: boolean
  /** `ops.threshold_hours`: the age from which an open Op counts as stale. */
  readonly thresholdHours: number
  /** `protection.protected_branches`, which the safe-commit guard goes by; absent where nothing is said. */
  readonly protectedBranches?: readonly string[]
}

/** Where nothing is said. */
export const DEFAULTS: Settings = {
  commit: 'direct',
  actor: 'operator',
  durability: 'power',
  redact: true,
  commitIndex: true,
  thresholdHours: 24,
}
