export type { Archived, ArchiveRequest } from './archive.js'
export type { CommittedRecords } from './archive-candidates.js'
export { AlreadyClosedError } from './close-errors.js'
export type { Closing } from './closing.js'
export type {
  CommitRequest,
  CommitResult,
  CommitStrategy,
  VanishedRecord,
} from './commit-strategy.js'
export type { Completion } from './complete-op.js'
export { type Durability, readRegular, replaceFile, syncFile, syncFolder } from './durable-file.js'
export { unless } from './errno.js'
export { type Ops, openOps } from './executor.js'
export { findWorkTree, type WorkTree } from './git-dir.js'
export { isAttended, type Mark } from './intents.js'
export {
  ARCHIVE_DIR,
  ATTRIBUTES_PATH,
  ATTRIBUTES_TEXT,
  archivedPath,
  EVIDENCE_DIR,
  INDEX_PATH,
  isLogName,
  LIFECYCLE_PATH,
  OPS_DIR,
  opIdOfName,
  PROPAGATION_ERRORS_PATH,
  recordPath,
  toAbsolute,
} from './layout.js'
export { type HeldLock, type LockPlace, tryLock } from './lock-file.js'
export { commitLockOf, type LockLook, lookAtLock } from './look-at-lock.js'
export { AmbiguousIdError, listRecordIds, resolveOpId } from './op-ids.js'
export type { OpFilter, OpSummary } from './op-scan.js'
export { type OpFile, type RecordPlace, readRecord, readRecordAt } from './op-store.js'
export { summaryOf } from './op-summary.js'
export { MOST_ROWS, nextIndexBytes } from './ops-index.js'
export type { OpenedBy, OpsOptions } from './ops-options.js'
export { livenessOf, type Owner } from './owner.js'
export { findProjectRoot } from './project-root.js'
export type { Propagator } from './propagator.js'
export type { RecordSource } from './record-source.js'
export { secretKindsIn } from './redact.js'
export { type FileToRestore, type Restored, restoreFile } from './restore-file.js'
export { NotClosedError, type RunResult } from './run-op.js'
export { shellWord } from './shell-word.js'
export { hasSparseCheckout } from './sparse-checkout.js'
export type { PlannedOp, StartedOp, StartRequest } from './start-op.js'
export { listStarted, type SessionEnd, type StartedNote } from './started-notes.js'
export { type StatePlace, stateDirOf } from './state-dir.js'
export { waitForLock } from './wait-for-lock.js'
export { rootsInWorkTrees } from './work-trees.js'
