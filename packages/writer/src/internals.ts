/**
 * What the other packages of this repository need of the writer. It changes with them, in minor versions too;
 * a program of your own needs `@kitty/writer` alone.
 *
 * @packageDocumentation
 */

export { commitFailed } from './commit/deferred.js'
export { withLedgerResult } from './commit/ledger-result.js'
export { secretKindsIn } from './content/redact.js'
export { type CompiledPattern, compileRedactPattern } from './content/redact-patterns.js'
export {
  canSync,
  createFile,
  replaceFile,
  syncFile,
  syncToDisk,
  tryUnlink,
  writeNewFile,
} from './fs/durable-file.js'
export { explainSystemError, hasCode, ignoreErrno } from './fs/errors.js'
export { canCreateIn, isNestedWorkTree, syncFolder } from './fs/folder.js'
export { onDiskPath } from './fs/on-disk-path.js'
export { fileVersion, readRegular, readRegularSync } from './fs/regular-file.js'
export { type FileToRestore, type Restored, restoreFile } from './fs/restore-file.js'
export { shareLikeGit } from './fs/shared-repository.js'
export { shellWord } from './fs/shell-word.js'
export { clearDeadLocks, lockNamesIn } from './lock/clear-dead-locks.js'
export { inspectLock, type LockInfo } from './lock/inspect-lock.js'
export { type HeldLock, type LockAttempt, type LockPaths, tryLock } from './lock/lock-file.js'
export { type Liveness, type Owner, ownerLiveness, selfOwner } from './lock/owner.js'
export {
  commandVariables,
  mayBeWorkedOn,
  opsOfRunningCommands,
} from './lock/running-commands.js'
export { type LockWait, waitForLock } from './lock/wait-for-lock.js'
export { ledgerOf } from './ops/gone-ops.js'
export type {
  CommittedRecords,
  HeadAtStart,
  MissingRecord,
  WorkSince,
} from './ports/commit-strategy.js'
export { CONFIG_PATH, readConfigFile } from './project/config-file.js'
export {
  findNoWorkTree,
  findUnreachableTop,
  findWorkTree,
  hasSparseCheckout,
  type NoWorkTree,
  type WorkTree,
} from './project/git-dir.js'
export { hasReftable, isRefName } from './project/head-commit.js'
export {
  ARCHIVE_DIR,
  ATTRIBUTES_PATH,
  ATTRIBUTES_TEXT,
  archivedPath,
  CLOSURES_PATH,
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
export {
  commitLockOf,
  olderStatesOf,
  prefixOf,
  type StateFolderPaths,
  type StateLocation,
  type StatePlace,
  sharedFolderOf,
  stateDirOf,
  stateFoldersIn,
} from './project/state-dir.js'
export { rootsInWorkTrees } from './project/work-trees.js'
export { asClosedBeside, hasClosures, isNamedInClosures } from './records/closures.js'
export { passesFilter } from './records/list-ops.js'
export { listRecords } from './records/list-records.js'
export { MAX_INDEX_ROWS, nextIndexBytes } from './records/ops-index.js'
export {
  opFileOf,
  type RecordLocation,
  readRecord,
  readRecordAt,
  readRecordBytesAt,
} from './records/record-file.js'

export { byStartOrEnd, type IdPart, idMatcher, resolveOpId } from './records/resolve-id.js'
export { excerptOf, summaryOf } from './records/summary.js'
export { textMatcher } from './records/text-matcher.js'

export {
  type ExcludeLine,
  excludeLockOf,
  excludePathOf,
  excludePattern,
  excludeProblem,
  hasExcludeLine,
  indexExcludePattern,
  listExcludeLines,
  removeExcludeLines,
} from './state/exclude-lines.js'
export { idsInState } from './state/exclude-room.js'
export { hasLiveOwner, intentPath, listIntents, readIntent } from './state/intent-store.js'
export { findState, type KeptState, removeState } from './state/remove-state.js'
export { isFinal } from './state/settle-intent.js'
export {
  listStartNotes,
  readStartNote,
  removeStartNote,
  startNotePath,
} from './state/start-notes.js'
export { removeEmptyState } from './state/take-over.js'
export { type KnownRoot, type KnownWorkTree, knownWorkTrees } from './state/work-trees.js'
