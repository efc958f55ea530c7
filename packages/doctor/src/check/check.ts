import type { OpId, OpRecord } from '@kitty/record'
import type { Ops } from '@kitty/writer'
import type { Finding, FixOutcome } from './wire.js'

export type { Finding, FixOutcome, Severity } from './wire.js'

/** One run of checks on a store. Facts are determined once per context and shared by all checks. */
export type CheckContext = {
  readonly ops: Ops
  /** When the run began, in milliseconds since 1970. */
  readonly now: number
  /** The age from which an open Op is stale. */
  readonly thresholdHours: number
  /** Whether checks that can be more thorough are: they then read whole histories. Default false. */
  readonly deep?: boolean
  /** Called with the progress of the run, while it lasts. */
  readonly onProgress?: (progress: {
    readonly what: 'records' | 'history'
    /** How many were read, and of how many; `undefined` if unknown. */
    readonly done?: number
    readonly total?: number
  }) => void
}

/**
 * A file at the path of a record: its content, or why it could not be read. What of the content is first read after the
 * visit throws: the next record is in its memory.
 */
export type VisitedRecord = {
  readonly id: OpId
  /** Relative to the project root, with `/`. */
  readonly path: string
} & (
  | {
      readonly ok: true
      /** Whether it is certainly closed and has no problem. Most records are; `record` is parsed only if it is read. */
      readonly isSound: boolean
      readonly record: OpRecord
      /** A copy. */
      readonly bytes: Buffer
      /** Whether its bytes are those of a blob of git. Cheaper than with `bytes`. */
      readonly hasBlob: (blob: string) => boolean
    }
  | { readonly ok: false; readonly error: unknown }
)

/**
 * Something that checks share, determined at most once per run. All facts of a run read the records in one pass.
 *
 * An implementation keeps no more of a record than it needs: a store can hold 100,000 of them.
 */
export interface Fact<Value, Kept = unknown, N extends Needs = Needs> {
  /** The facts that `value` needs. */
  readonly needs?: N
  /** Called for each record, newest first. Returns what to keep of it; `undefined` for nothing. */
  visit?(found: VisitedRecord, context: CheckContext): Kept | undefined | Promise<Kept | undefined>
  /** Called after the last `visit`, with what was kept. */
  value(kept: readonly Kept[], facts: Facts<N>, context: CheckContext): Value | Promise<Value>
}

/** The facts that are needed, by a name of your choice. */
export type Needs = { readonly [name: string]: Fact<unknown> }

/** The values of the facts that are needed. Each can be awaited at any time: the pass over the records includes it. */
export type Facts<N extends Needs = Needs> = {
  readonly [Name in keyof N]: N[Name] extends Fact<infer Value> ? () => Promise<Value> : never
}

/**
 * Fixes the findings of a check.
 *
 * An implementation guarantees:
 * - it never deletes, rewrites or guesses a record: it writes through the writer, as a close does;
 * - applying it twice, or while other processes run, does no harm;
 * - `done` means that the damage is gone; otherwise, also after a `KittyError`, `message` says why not.
 */
export interface Fix<N extends Needs = Needs> {
  /** Describes in one sentence what `apply` would do. Changes nothing. */
  plan(finding: Finding, context: CheckContext): string
  /** Fixes one finding that is `fixable`. Can run for many findings at once. `facts` are as when it was found. */
  apply(finding: Finding, context: CheckContext, facts: Facts<N>): Promise<FixOutcome>
}

/**
 * The port of a check: one kind of damage, in one file in `checks/` that is named after its id.
 *
 * An implementation guarantees:
 * - `visit` and `run` change nothing in the work tree, in git or in the state folder;
 * - it reads records only in `visit` and through the facts in `needs`, which share one pass over the folder;
 * - it throws only if it could not check; the other checks still run.
 */
export interface Check<N extends Needs = Needs> {
  /** Stable, in kebab-case: the `id` of its findings and the name by which it is selected. */
  readonly id: string
  /** It needs the whole history or scans every text: it runs only if asked for. */
  readonly deep?: true
  /** The facts that `run` and the fix need. */
  readonly needs?: N
  /** Called for each record, newest first. Returns what is wrong with it now; `undefined` if nothing is wrong. */
  visit?(
    found: VisitedRecord,
    context: CheckContext,
  ): Finding | undefined | Promise<Finding | undefined>
  /** Called once. Returns what else is wrong now; no findings if nothing is. */
  run?(context: CheckContext, facts: Facts<N>): Promise<readonly Finding[]>
  /** Its fix decides something that only a person can: it runs only if the check is selected by its id. */
  readonly fixOnlyIfSelected?: true
  /** Absent if nothing can be fixed without guessing. */
  readonly fix?: Fix<NoInfer<N>>
}

/** Returns the check. With it, TypeScript knows the types of the facts in `needs`. */
export const defineCheck = <const N extends Needs>(check: Check<N>): Check => check

/** Returns the fact. With it, TypeScript knows the types of what was kept, and of the facts in `needs`. */
export const defineFact = <Value, Kept, const N extends Needs>(
  fact: Fact<Value, Kept, N>,
): Fact<Value> => fact

/** Makes the fact of what `visit` returns for the records. */
export const collect = <Kept>(
  visit: (found: VisitedRecord, context: CheckContext) => Kept | undefined,
): Fact<readonly Kept[]> => defineFact({ visit, value: (kept) => kept })
