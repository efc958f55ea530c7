import type { OpId, OpRecord } from '@kitty/record'
import type { Ops } from '@kitty/writer'
import type { RecordLocation } from '@kitty/writer/internals'
import type { NextStep } from './next-step.js'

/** `error`: something is damaged. `warning`: a person must act. `info`: harmless; the store is healthy. */
export type Severity = 'error' | 'warning' | 'info'

/** Something that is wrong or could be tidier. Plain data. */
export type Finding = {
  /** The id of the check that found it. */
  readonly id: string
  readonly severity: Severity
  readonly invocation_id?: OpId
  /** The Ops of a finding about several. */
  readonly invocation_ids?: readonly OpId[]
  /** Relative to the project root, with `/`. */
  readonly path?: string
  /** What is wrong and what it means, without commands. */
  readonly message: string
  /** Whether the check's fix would fix it now. */
  readonly fixable: boolean
  /** What to do, in this order unless `message` names alternatives; empty if there is nothing to do. */
  readonly next: readonly NextStep[]
}

/** How far a run of checks has come. */
export type Progress = {
  readonly what: 'records' | 'history'
  /** How many were read, and of how many; `undefined` if unknown. */
  readonly done?: number
  readonly total?: number
}

/** One run of checks on a store. Facts are determined once per context and shared by all checks. */
export type CheckContext = {
  readonly ops: Ops
  /** When the run began, in milliseconds since 1970. */
  readonly now: number
  /** The age from which an open Op is stale. */
  readonly thresholdHours: number
  /** Called with the progress of the run, while it lasts. */
  readonly onProgress?: (progress: Progress) => void
}

/** A file at the path of a record: its content, or why it could not be read. */
export type VisitedRecord = RecordLocation &
  ({ readonly record: OpRecord; readonly bytes: Buffer } | { readonly error: unknown })

/** The result of a fix, or of planning one. */
export type FixOutcome = { readonly done: boolean; readonly message: string }

/**
 * Fixes the findings of a check.
 *
 * An implementation guarantees:
 * - it never deletes, rewrites or guesses a record: it writes through the writer, as a close does;
 * - applying it twice, or while other processes run, does no harm;
 * - `done` means that the damage is gone; otherwise, also after a `KittyError`, `message` says why not.
 */
export interface Fix {
  /** Describes in one sentence what `apply` would do. Changes nothing. */
  plan(finding: Finding, context: CheckContext): string
  /** Fixes one finding that is `fixable`. Can run for many findings at once. */
  apply(finding: Finding, context: CheckContext): Promise<FixOutcome>
}

/**
 * The port of a check: one kind of damage, in one file in `checks/` that is named after its id.
 *
 * An implementation guarantees:
 * - `visit` and `run` change nothing in the work tree, in git or in the state folder;
 * - it reads the records in `visit`, which all checks share in one pass over the folder. If its findings need more than
 *   one record, `run` calls `visitRecords` before it awaits anything else, and joins the same pass;
 * - it keeps no more of the records than its findings need: a store can hold 100,000 of them;
 * - it throws only if it could not check; the other checks still run.
 */
export interface Check {
  /** Stable, in kebab-case: the `id` of its findings and the name by which it is selected. */
  readonly id: string
  /** It needs the whole history or scans every text: it runs only if asked for. */
  readonly deep?: true
  /** Called for each record, newest first. Returns what is wrong with it now; `undefined` if nothing is wrong. */
  visit?(
    found: VisitedRecord,
    context: CheckContext,
  ): Finding | undefined | Promise<Finding | undefined>
  /** Called once. Returns what else is wrong now; no findings if nothing is. */
  run?(context: CheckContext): Promise<readonly Finding[]>
  /** Absent if nothing can be fixed without guessing. */
  readonly fix?: Fix
}
