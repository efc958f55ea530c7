export { commitLockOf } from './commit/commit-lock.js'
export { secretKindsIn } from './content/redact.js'
export type { Durability } from './fs/durability.js'
export { replaceFile, syncFile, syncToDisk } from './fs/durable-file.js'
export { ignoreErrno } from './fs/errors.js'
export { syncFolder } from './fs/folder.js'
export { readRegular } from './fs/regular-file.js'
export { type FileToRestore, type Restored, restoreFile } from './fs/restore-file.js'
export { shellWord } from './fs/shell-word.js'
export { inspectLock, type LockInfo } from './lock/inspect-lock.js'
export { type HeldLock, type LockAttempt, type LockPaths, tryLock } from './lock/lock-file.js'
export { type Liveness, type Owner, ownerLiveness } from './lock/owner.js'
export { type LockWait, waitForLock } from './lock/wait-for-lock.js'
export type { Archived, ArchiveRequest, CommittedRecords } from './ops/archive-ops.js'
export type { Closing } from './ops/closing.js'
export type { Completion } from './ops/complete-op.js'
export type { OpenedBy, OpsOptions } from './ops/context.js'
export { AlreadyClosedError } from './ops/errors.js'
export { type Ops, openOps } from './ops/ops.js'
export {
  NotClosedError,
  type RunClosing,
  type RunOptions,
  type RunResult,
} from './ops/run-op.js'
export type { PlannedOp, StartedOp, StartRequest } from './ops/start-op.js'
export {
  type CommitRequest,
  type CommitResult,
  type CommitStrategy,
  type ExpectedHead,
  type MissingRecord,
  noCommit,
} from './ports/commit-strategy.js'
export type { PropagatedEvent, Propagator } from './ports/propagator.js'
export { CONFIG_PATH, readConfigFile } from './project/config-file.js'
export { findWorkTree, hasSparseCheckout, type WorkTree } from './project/git-dir.js'
export {
  ARCHIVE_DIR,
  ATTRIBUTES_PATH,
  ATTRIBUTES_TEXT,
  archivedPath,
  EVIDENCE_DIR,
  INDEX_PATH,
  isArchiveMonth,
  isLogName,
  LIFECYCLE_PATH,
  OPS_DIR,
  opIdOfName,
  PROPAGATION_ERRORS_PATH,
  recordPath,
  toAbsolute,
} from './project/paths.js'
export { findProjectRoot } from './project/project-root.js'
export { type StateLocation, stateDirOf } from './project/state-dir.js'
export { rootsInWorkTrees } from './project/work-trees.js'
export type { OpFilter, RecordSource } from './records/list-ops.js'
export { listRecords } from './records/list-records.js'
export { MAX_INDEX_ROWS, nextIndexBytes } from './records/ops-index.js'
export {
  type OpFile,
  type RecordLocation,
  readRecord,
  readRecordAt,
} from './records/record-file.js'
export { AmbiguousIdError, resolveOpId } from './records/resolve-id.js'
export { type OpSummary, summaryOf } from './records/summary.js'
export type { CloseIntent } from './state/intent.js'
export { hasLiveOwner, intentPath } from './state/intent-store.js'
export { listStartNotes, type SessionEnd, type StartNote } from './state/start-notes.js'
