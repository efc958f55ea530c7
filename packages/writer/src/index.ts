/**
 * Opens and closes Ops: writes their records, and passes closed records to a commit strategy.
 *
 * @packageDocumentation
 */
export type { Durability } from './fs/durability.js'
export type { Archived, ArchiveRequest } from './ops/archive-ops.js'
export type { Closing, UsageReport } from './ops/closing.js'
export type { Completion } from './ops/complete-op.js'
export type { OpsOptions } from './ops/context.js'
export { AlreadyClosedError } from './ops/errors.js'
export { type Ops, openOps } from './ops/ops.js'
export { NotClosedError, type RunOptions, type RunResult } from './ops/run-op.js'
export type { PlannedOp, StartedOp, StartRequest } from './ops/start-op.js'
export {
  type CommitReader,
  type CommitRequest,
  type CommitResult,
  type CommitStrategy,
  type ExpectedHead,
  type LedgerResult,
  noCommit,
  requestPaths,
} from './ports/commit-strategy.js'
export type { PropagatedEvent, Propagator } from './ports/propagator.js'
export { findProjectRoot } from './project/project-root.js'
export type { OpFilter } from './records/list-ops.js'
export type { OpFile } from './records/record-file.js'
export { AmbiguousIdError, type IdPart } from './records/resolve-id.js'
export type { OpSummary } from './records/summary.js'
export type { CloseIntent } from './state/intent.js'
export type { SessionEnd, StartNote } from './state/start-notes.js'
