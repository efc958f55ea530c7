import type { OpId } from '@kitty/record'
import type { NextStep } from './next-step.js'

// What becomes JSON: its names are in snake_case. All other types have names in camelCase.

/** Something that is wrong or could be tidier. Plain data. */
export type Finding = {
  /** The id of the check that found it. */
  readonly id: string
  /** `error`: something is damaged. `warning`: a person must act. `info`: harmless; the store is healthy. */
  readonly severity: 'error' | 'warning' | 'info'
  readonly invocation_id?: OpId
  /** The Ops of a finding about several. */
  readonly invocation_ids?: readonly OpId[]
  /** Relative to the project root, with `/`. */
  readonly path?: string
  /** The project root that it is about, absolute, if it is another one: `path` and `next` are relative to it. */
  readonly root?: string
  /** The work tree that it is about, if it is not this one. */
  readonly work_tree?: {
    /** Where it is, or last was: absolute; absent if that is not known. */
    readonly path?: string
    /** `unreachable`: git knows it, but its folder is not here. `gone`: it was removed. */
    readonly status: 'present' | 'unreachable' | 'gone'
  }
  /** What is wrong and what it means, without commands. */
  readonly message: string
  /** Whether the check's fix would fix it now. */
  readonly fixable: boolean
  /** What to do, in this order unless `message` names alternatives; empty if there is nothing to do. */
  readonly next: readonly NextStep[]
}

export type Severity = Finding['severity']

export type WorkTreeRef = NonNullable<Finding['work_tree']>

/** The result of a fix, or of planning one. */
export type FixOutcome = { readonly done: boolean; readonly message: string }

/** What the doctor found and did. */
export type DoctorReport = {
  /** Whether nothing, or only `info`, is left. */
  readonly healthy: boolean
  /**
   * The open Ops, oldest first; with `closeStale`, as they were before. Of other work trees only those that are out of
   * reach or gone: a work tree that is present has a doctor of its own.
   */
  readonly open_ops: readonly {
    readonly invocation_id: OpId
    readonly profile_id: string
    readonly started_at: string
    /** In hours, rounded to a hundredth; `null` if `started_at` cannot be read. */
    readonly age_hours: number | null
    readonly action_taken: 'none' | 'closed_abandoned' | 'already_closed'
    /** The work tree that it was opened in, if it is not this one. */
    readonly work_tree?: NonNullable<Finding['work_tree']>
  }[]
  /** What is left, worst first. */
  readonly findings: readonly Finding[]
  /** The ids of the checks that could not run; `findings` says why. */
  readonly unchecked: readonly string[]
  readonly swept: number
  readonly skipped_fresh: number
  readonly skipped_running: number
  readonly threshold_hours: number
  /** What was fixed or could not be fixed; in a dry run, what would be done. */
  readonly fixed: readonly (FixOutcome & {
    /** The check that found it. */
    readonly id: string
    readonly invocation_id?: OpId
  })[]
}

/** An open Op, and what was done about it. */
export type OpenOpReport = DoctorReport['open_ops'][number]

/** The result of fixing a finding. */
export type AppliedFix = DoctorReport['fixed'][number]

/** Which records were restored, and which were not. */
export type RestoreReport = {
  /** Restored, byte for byte. */
  readonly restored: readonly {
    readonly invocation_id: OpId
    /** Relative to the project root, with `/`. */
    readonly path: string
    /** `head`: the commit at HEAD. `intent`: an intent to close. `history`: an earlier commit. `ledger`: a ledger. */
    readonly from: 'head' | 'intent' | 'history' | 'ledger'
    /** `created`: it was gone. `finished`: its beginning was on disk, and the rest was added. */
    readonly how: 'created' | 'finished'
  }[]
  /** Left unchanged, and why. */
  readonly left: readonly {
    readonly invocation_id: OpId
    readonly path: string
    /** Where a copy is, if one was found. */
    readonly from?: 'head' | 'intent' | 'history' | 'ledger'
    readonly code: string
    readonly message: string
    readonly hint: string
  }[]
}

export type RestoredOp = RestoreReport['restored'][number]

/** The result of the gate. */
export type Verification = {
  /** Whether there is no violation. */
  readonly ok: boolean
  readonly checked: { readonly records: number; readonly commits: number }
  /** What only damage, a bug or the deletion of a record causes. */
  readonly violations: readonly Finding[]
  /** What a person may do, and what could not be checked. */
  readonly notes: readonly Finding[]
}
