import type { DirectGitOptions } from '@kitty/git-commit'
import type { Durability } from '@kitty/writer'

/** The settings of a project, from its configuration. */
export type Settings = {
  /** `ops.commit` */
  readonly commit: 'direct' | 'safe' | 'ledger' | 'none'
  /** `ops.ledger`: add closed Ops to the ledger too, beside the branch. */
  readonly ledger: boolean
  /** `ops.ledger_evidence_limit`: larger evidence files stay out of the ledger, in bytes. */
  readonly ledgerEvidenceLimit: number
  /** `ops.remote`: the remote that ledgers are synced with; absent if not set. */
  readonly remote?: string
  /** `ops.sign`: whether the commits of Ops are signed. */
  readonly sign: NonNullable<DirectGitOptions['sign']>
  /** `ops.detached`: what to do on a detached HEAD. */
  readonly detached: NonNullable<DirectGitOptions['detached']>
  /** `ops.exclude`: keep records out of `git status` and `git add -A` until they are committed. */
  readonly exclude: boolean
  /** `ops.actor`: the name of a person in a record: `operator`, or their name in git. */
  readonly actor: 'operator' | 'git'
  /** `ops.durability` */
  readonly durability: Durability
  /** `ops.redact` */
  readonly redact: boolean
  /** `ops.redact_patterns`: secrets of the team's own, as the text of regular expressions. */
  readonly redactPatterns: readonly string[]
  /** `ops.commit_index`; absent if not set: committed only where HEAD has it. */
  readonly commitIndex?: boolean
  /** `ops.link_commits`: link the commits that were made since an Op was opened when it is closed. */
  readonly linkCommits: boolean
  /** `ops.threshold_hours`: the age from which an open Op counts as stale. */
  readonly thresholdHours: number
  /** `protection.protected_branches`, for the safe-commit guard; absent if not set. */
  readonly protectedBranches?: readonly string[]
}

/** The default settings. */
export const DEFAULTS: Settings = {
  commit: 'direct',
  ledger: true,
  ledgerEvidenceLimit: 5 * 1024 ** 2,
  sign: 'never',
  detached: 'defer',
  exclude: true,
  actor: 'operator',
  durability: 'power',
  redact: true,
  redactPatterns: [],
  linkCommits: false,
  thresholdHours: 24,
}
