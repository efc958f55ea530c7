import { isOpId, type LifecycleEvent, type OpId } from '@kitty/record'
import { throwExplained } from '../fs/errors.js'
import type { CommitResult, CommitStrategy } from '../ports/commit-strategy.js'
import { hasSparseCheckout } from '../project/git-dir.js'
import { listOps, type OpFilter } from '../records/list-ops.js'
import { type OpFile, readRecord } from '../records/record-file.js'
import { type IdPart, notFound, resolveOpId } from '../records/resolve-id.js'
import type { OpSummary } from '../records/summary.js'
import type { CloseIntent } from '../state/intent.js'
import { listIntents, readIntent } from '../state/intent-store.js'
import {
  listStartNotes,
  readStartNote,
  type SessionEnd,
  type StartNote,
} from '../state/start-notes.js'
import type { StateFolder } from '../state/state-folder.js'
import { adoptOp } from './adopt-op.js'
import { type Archived, type ArchiveRequest, archiveOps } from './archive-ops.js'
import type { Closing } from './closing.js'
import { commitClosed } from './commit-closed.js'
import { type Completion, completeOp } from './complete-op.js'
import { createContext, type OpsOptions, type StoreContext } from './context.js'
import { commitGoneOps } from './gone-ops.js'
import { appendLifecycle } from './lifecycle.js'
import { markLeft } from './mark-left.js'
import { reindex, untrackIndex } from './reindex.js'
import { type RunOptions, type RunResult, runOp } from './run-op.js'
import { type PlannedOp, planOp, type StartedOp, type StartRequest, startOp } from './start-op.js'

/** A store of Ops: the records of one project root, and the strategy that commits them. */
export interface Ops {
  /** The project root, absolute, symbolic links resolved. */
  readonly root: string
  /** The commit strategy; its `commits` is false if nothing is committed. */
  readonly strategy: CommitStrategy
  /** Whether records are kept out of `git status` until they are committed: see `OpsOptions.exclude`. */
  readonly exclude: boolean
  /** What is redacted beside the known kinds of secrets: see `OpsOptions.redactPatterns`. */
  readonly redactPatterns: readonly RegExp[]
  /**
   * Returns what `start` would open, with another id; writes nothing. Throws `REQUEST_TOO_LARGE`, `REQUEST_INVALID`.
   */
  plan(request: StartRequest): Promise<PlannedOp>
  /**
   * Opens an Op. Once this returns, its start note and its record are on disk. Throws `REQUEST_TOO_LARGE`,
   * `REQUEST_INVALID`, and what writing files throws: `DISK_FULL`, `NOT_WRITABLE`, `WRITE_FAILED`, …
   */
  start(request: StartRequest): Promise<StartedOp>
  /**
   * Closes an Op with its real outcome, in one write, and commits it. Once this returns, the record is on disk, and
   * `commit` says whether it is committed or pending, and why. An Op of a work tree that is gone is closed in the ledger,
   * if the strategy has one, and has no file. A repeated call succeeds with `already: true` if it has
   * the same outcome and no evidence, link or reason that the record lacks.
   *
   * Throws `OP_NOT_FOUND`, `ALREADY_CLOSED` (an `AlreadyClosedError`, after an attempt at the pending commit) if the Op
   * was closed with other values, `RECORD_DAMAGED`, `RECORD_CHANGED`, `CLOSE_IN_PROGRESS`, `LOCK_TIMEOUT`,
   * `CLOSING_INVALID`, `EVIDENCE_…`, and what writing files throws. After any of them except `ALREADY_CLOSED` the Op is
   * still open, unless the disk stored the close and then failed to confirm it.
   */
  complete(id: OpId, closing: Closing): Promise<Completion>
  /**
   * Runs a function under an Op: `done` if it returns, `failed` if it throws, `abandoned` if it throws an `AbortError`
   * or `signal` is aborted. Throws what the function throws or the reason of the signal; a `NotClosedError` if only
   * the close fails; and an `AggregateError` of both errors if both fail.
   */
  run<T>(
    request: StartRequest,
    work: (op: StartedOp) => T | Promise<T>,
    options?: RunOptions<T>,
  ): Promise<RunResult<T>>
  /**
   * Commits pending Ops (with `allStrategies` also those closed under another strategy) and waits for
   * propagations in progress. Returns the result of each Op.
   */
  flush(options?: { readonly allStrategies?: boolean }): Promise<ReadonlyMap<OpId, CommitResult>>
  /** Commits an Op that is closed on disk, even if it has no intent. Throws `OP_NOT_FOUND`. */
  commitClosed(id: OpId): Promise<CommitResult>
  /** Lists Ops, newest first. */
  list(filter?: OpFilter): Promise<readonly OpSummary[]>
  /** Reads the record of an Op, hot or archived. Throws `OP_NOT_FOUND`. */
  read(id: OpId): Promise<OpFile>
  /**
   * Resolves a unique prefix to an id, or with `end` a unique ending of at least four characters. Throws `OP_NOT_FOUND`,
   * an `AmbiguousIdError`.
   */
  resolveId(typed: string, part?: IdPart): Promise<OpId>
  /** The intents of Ops that are not committed yet, oldest first. */
  pending(): Promise<readonly CloseIntent[]>
  /** The start note of an Op that is not committed yet; `undefined` if there is none. */
  startNote(id: OpId): Promise<StartNote | undefined>
  /**
   * Notes that the session of an open Op has ended, or with `undefined` that it continues; the record does not
   * change. Returns false if the Op has no start note, is closed or is being closed. Throws `LOCK_TIMEOUT`, and
   * what writing files throws.
   */
  markLeft(id: OpId, left: SessionEnd | undefined): Promise<boolean>
  /**
   * Takes over an open or pending Op of a work tree that is gone or out of reach, so that it is completed or committed
   * here. Returns false if no such work tree has it. Throws `CLOSE_IN_PROGRESS`, and what writing throws.
   */
  adopt(id: OpId): Promise<boolean>
  /**
   * Adds the pending Ops of work trees that are gone to the ledger. Returns the result of each; none if the strategy has
   * no ledger. Throws what reading the state throws.
   */
  commitGone(): Promise<ReadonlyMap<OpId, CommitResult>>
  readonly lifecycle: { append(event: LifecycleEvent): Promise<void> }
  /** Rebuilds the index cache from the records. Throws `LOCK_TIMEOUT`, `SYMLINK_REFUSED`, and what writing throws. */
  reindex(): Promise<{ readonly rows: number }>
  /** Takes the index cache out of the checked-out branch, in one commit. Throws `LOCK_TIMEOUT`. */
  untrackIndex(): Promise<CommitResult>
  /**
   * Moves closed, committed Ops from the hot folder to the archive, in one commit. If the commit fails, all files are
   * moved back, and the result says why. Throws `LOCK_TIMEOUT`, and what reading HEAD and moving throws.
   */
  archive(request?: ArchiveRequest): Promise<Archived>
}

const readOp = async (ctx: StoreContext, id: OpId): Promise<OpFile> => {
  // Untyped callers can pass anything.
  const file = isOpId(id) ? await readRecord(ctx.root, id) : undefined
  if (file === undefined) throw notFound(id)
  return file
}

const pendingIntents = async ({ stateFolder }: StoreContext): Promise<readonly CloseIntent[]> => {
  const found = new Map<OpId, CloseIntent>()
  for (const dir of stateFolder.dirs) {
    for (const id of await listIntents(dir)) {
      const intent = found.has(id) ? undefined : await readIntent(dir, id).catch(() => undefined)
      if (intent !== undefined) found.set(id, intent)
    }
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

const startNoteOf = async (
  { stateFolder }: StoreContext,
  id: OpId,
): Promise<StartNote | undefined> => {
  for (const dir of stateFolder.dirs) {
    const note = await readStartNote(dir, id)
    if (note !== undefined) return note
  }
  return undefined
}

const startNoteIds = async ({ dirs }: StateFolder): Promise<readonly OpId[]> =>
  [...new Set((await Promise.all(dirs.map(listStartNotes))).flat())].sort()

/** The records that a sparse checkout keeps off the disk. */
const sparseRecords = async ({ root, strategy }: StoreContext): Promise<readonly OpFile[]> =>
  strategy.reader !== undefined && (await hasSparseCheckout(root))
    ? strategy.reader.sparseRecords(root)
    : []

/** Adds `left` to open Ops: the end of a session is in the start note, not in the record. */
const listWithLeft = async (
  ctx: StoreContext,
  filter?: OpFilter,
): Promise<readonly OpSummary[]> => {
  const listed = await listOps(ctx.root, filter, () => sparseRecords(ctx))
  const withLeft = async (op: OpSummary): Promise<OpSummary> => {
    const note = op.status === 'open' ? await startNoteOf(ctx, op.invocation_id) : undefined
    return note?.left === undefined ? op : { ...op, left: true }
  }
  return Promise.all(listed.map(withLeft))
}

/** The same function, but each error of the file system has a code and a hint. */
const explained =
  <A extends readonly unknown[], T>(fn: (...args: A) => Promise<T>) =>
  (...args: A): Promise<T> =>
    fn(...args).catch(throwExplained)

/**
 * Opens the store of a project root. Writes nothing yet: the state folder is created in the common git directory
 * (`.kittify/state` outside git, and where the git directory cannot be written) once an Op is opened or closed.
 *
 * @throws KittyError `ROOT_NOT_FOUND` if the root is not a folder; `NO_WORK_TREE` if its repository has no work tree
 * there, for example because it is bare; `STATE_NEWER` if a newer version of this software wrote the state;
 * `REDACT_PATTERN_INVALID` for a pattern that cannot be used; `STRATEGY_INVALID` for a strategy without a name or without
 * `commit`.
 */
export const openOps = async (options: OpsOptions): Promise<Ops> => {
  const ctx = await createContext(options).catch(throwExplained)
  return {
    root: ctx.root,
    strategy: ctx.strategy,
    exclude: ctx.excludeLines.isEnabled,
    redactPatterns: ctx.redactPatterns,
    plan: explained((request) => planOp(ctx, request)),
    start: explained((request) => startOp(ctx, request)),
    complete: explained((id, closing) => completeOp(ctx, id, closing)),
    run: (request, work, options) => runOp(ctx, request, work, options),
    flush: explained(async ({ allStrategies = false } = {}) => {
      await ctx.stateFolder.takeOver()
      const results = await ctx.queue.flush(allStrategies)
      await Promise.all(ctx.propagations)
      return results
    }),
    commitClosed: explained(async (id) => commitClosed(ctx, await readOp(ctx, id))),
    list: explained((filter) => listWithLeft(ctx, filter)),
    read: explained((id) => readOp(ctx, id)),
    resolveId: explained(async (typed, part) =>
      resolveOpId(ctx.root, typed, await startNoteIds(ctx.stateFolder), part),
    ),
    pending: explained(() => pendingIntents(ctx)),
    startNote: explained((id) => startNoteOf(ctx, id)),
    markLeft: explained((id, left) => markLeft(ctx, id, left)),
    adopt: explained((id) => adoptOp(ctx, id)),
    commitGone: explained(() => commitGoneOps(ctx)),
    lifecycle: { append: explained((event) => appendLifecycle(ctx, event)) },
    reindex: explained(() => reindex(ctx)),
    untrackIndex: explained(() => untrackIndex(ctx)),
    archive: explained((request) => archiveOps(ctx, request)),
  }
}
