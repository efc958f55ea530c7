import type { OpId } from '@kitty/record'
import type { Ops } from '@kitty/writer'

/** `error`: something is damaged. `warning`: somebody has to act. `info`: harmless, and healthy. */
export type Severity = 'error' | 'warning' | 'info'

/** Something that is wrong, or could be tidier. Plain data, as `doctor ops --json` prints it. */
export type Finding = {
  /** The id of the check that found it. */
  readonly id: string
  readonly severity: Severity
  readonly invocation_id?: OpId
  /** The Ops of a finding that is about several at once. */
  readonly invocation_ids?: readonly OpId[]
  /** Relative to the project root, with `/`. */
  readonly path?: string
  /** What it means for a person, and what to type next. */
  readonly message: string
  /** Whether `--fix` can try to mend it without a guess. */
  readonly fixable: boolean
}

/** How far a look has come. */
export type Progress = {
  readonly what: 'records' | 'history'
  /** How many were looked at, and of how many; absent where nobody knows. */
  readonly done?: number
  readonly total?: number
}

/** One look at a store. Whoever asks for a shared fact of it a second time gets the first answer. */
export type CheckContext = {
  readonly ops: Ops
  /** The moment of the look, in milliseconds since 1970. */
  readonly now: number
  /** How old an open Op is when it counts as forgotten. */
  readonly thresholdHours: number
  /** Is told now and then how far the look has come. */
  readonly onProgress?: (progress: Progress) => void
}

/** What became of mending, or what would be done. */
export type FixOutcome = { readonly done: boolean; readonly message: string }

/**
 * How a check's findings are mended.
 *
 * An implementation guarantees:
 * - no record is ever deleted, rewritten or guessed at: it goes through the same executor as everyone;
 * - mending twice, or beside others, does no harm;
 * - `done` means that the damage is gone; anything else, a `KittyError` too, says why it is not.
 */
export interface Fix {
  /** What `apply` would do, as a sentence. Changes nothing. */
  plan(finding: Finding, context: CheckContext): string
  /** Mends one finding that is `fixable`. Many may be mended at once. */
  apply(finding: Finding, context: CheckContext): Promise<FixOutcome>
}

/**
 * The port of a check: one kind of damage, one file in `checks/` that is named like its id.
 *
 * An implementation guarantees:
 * - `run` changes nothing, in the work tree, in git and in the state folder;
 * - it reads the records through `visitRecords` and asks for it before it waits for anything else, so
 *   that all checks together read the folder once;
 * - it keeps no more of the records than its findings need: a store may hold 100,000 of them;
 * - it throws only where it could not look; the other checks are made all the same.
 */
export interface Check {
  /** Stable, in kebab-case: the `id` of its findings, and what `--check` takes. */
  readonly id: string
  /** It needs the whole history or reads every text closely: made only when asked for. */
  readonly deep?: true
  /** What is wrong now; no findings when all is well. */
  run(context: CheckContext): Promise<readonly Finding[]>
  /** Absent where nothing can be mended without a guess. */
  readonly fix?: Fix
}
