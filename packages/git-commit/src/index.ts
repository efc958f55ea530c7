export { noCommit } from '@kitty/writer'
export { directGit } from './direct-git.js'
export type { DirectGitOptions } from './direct-git-options.js'
export { type SafeCommitGuardOptions, safeCommitGuard } from './guard/safe-commit-guard.js'
export { type AttributesOf, attributesHere } from './inspect/attributes.js'
export {
  commitsSince,
  type HistoryPoint,
  historyPoint,
  opOfCommit,
  workCommit,
} from './inspect/commits.js'
export { type GitHealth, gitHealth, identityTrouble, OLDEST_GIT } from './inspect/git-health.js'
export {
  filesAtTip,
  findHistory,
  type HistoryPlace,
  partings,
  resolveRevision,
  shallowCommits,
  walkHistory,
} from './inspect/history.js'
export { blobsOf } from './inspect/history-blobs.js'
export type { HistoryChange, HistoryCommit } from './inspect/history-format.js'
export { ignoredHere } from './inspect/ignored.js'
export {
  filesInIndex,
  type IndexedFile,
  type StagedFile,
  stagedFiles,
} from './inspect/index-entries.js'
export { refLockPaths } from './inspect/locks.js'
export { guardsBranches, type ProtectedBranch, protectedHere } from './inspect/protected-branch.js'
export { isBlob, readBlobs } from './inspect/read-blobs.js'
export { droppedHistory, type FileVersion, recordHistory } from './inspect/record-history.js'
export { commitOfRecord, recordsInHead } from './inspect/records-in-head.js'
export { keptOffDisk } from './inspect/sparse-records.js'
export { findCommits } from './repository/find-commits.js'
export type { IgnoreRule } from './repository/ignore.js'
export type { CommitName } from './repository/last-commit.js'
export { userName } from './repository/user-name.js'
export { editIndex, type IndexEdit } from './transaction/edit-index.js'
export { indexTokensDir } from './transaction/index-file.js'
