/**
 * What the doctor and the command line ask git. It changes with them, in minor versions too; a program of your own
 * needs `@kitty/git-commit` alone.
 *
 * @packageDocumentation
 */

export { type BlameTarget, blame } from './blame/blame.js'
export { type LinkInGit, type LinksInGit, linksInGit } from './blame/links-in-git.js'
export { type BlamedCommit, isUncommitted } from './blame/porcelain.js'
export { type CommitWithRecords, commitsWithRecords } from './blame/records-added.js'
export { findReplaced, findUnreached, type Unreached } from './blame/rewritten.js'
export type { Result, Stopped } from './git/result.js'
export { protectedByDefault } from './guard/protection.js'
export { type GitAttributes, readGitAttributes } from './inspect/attributes.js'
export { type CheckedOut, checkoutVersion, readCheckedOut } from './inspect/checked-out.js'
export { areComing } from './inspect/coming-records.js'
export { type CommitOnBranch, commitOfRecord } from './inspect/commit-of-record.js'
export { opIdsOfCommit, workCommit } from './inspect/commits.js'
export {
  findHistory,
  findMergeBases,
  type HistoryRange,
  resolveRevision,
} from './inspect/find-history.js'
export { type GitHealth, gitHealth, identityError, OLDEST_GIT } from './inspect/git-health.js'
export { filesAtTip, readShallowBoundary, walkHistory, walkLedger } from './inspect/history.js'
export { blobsOf } from './inspect/history-blobs.js'
export type { HistoryChange, HistoryCommit } from './inspect/history-format.js'
export { findIgnoreRules, findNegatedRules } from './inspect/ignored.js'
export {
  type IndexEntry,
  indexEntries,
  otherIndexEntries,
  type StagedFile,
  stagedFiles,
} from './inspect/index-entries.js'
export {
  findLedgerOps,
  type LedgerContents,
  type LedgerCopy,
  type LedgerOps,
  readLedgers,
} from './inspect/ledger-copies.js'
export { type Ledger, listLedgers } from './inspect/ledgers.js'
export { refLockPaths } from './inspect/locks.js'
export { isBlob, readBlobs } from './inspect/read-blobs.js'
export {
  type FileVersion,
  findUnreachableHistory,
  recordHistory,
} from './inspect/record-history.js'
export { recordsInHead, recordsOfOtherStores } from './inspect/records-in-head.js'
export { recordsSince } from './inspect/records-since.js'
export { listOwnRefs, removeRefs } from './inspect/remove-ledgers.js'
export { sparseRecords } from './inspect/sparse-records.js'
export { filesLostSince, otherRootsInHead, storesAtTip, storesOfFiles } from './inspect/stores.js'
export { removeBrokenRef } from './ledger/broken-ref.js'
export { type CoveringSetting, coveringSettings } from './ledger/covering-refspecs.js'
export { erasedPathOf, ledgerMonthOf, opOfLedgerPath } from './ledger/layout.js'
export { ledgerOptionsOf } from './ledger/ledger.js'
export { recordsInLedger } from './ledger/ledger-records.js'
export type { NewWriter } from './ledger/move-writer.js'
export { hasCommit, ledgerDamage, type OwnLedger, readOwnLedger } from './ledger/own-ledger.js'
export { ledgerLockOf } from './ledger/own-writer.js'
export { type LedgerRepair, repairLedger } from './ledger/repair-own-ledger.js'
export { takeNewWriter } from './ledger/take-new-writer.js'
export { ownRefLocks } from './refs/ref-locks.js'
export { areOnBranches } from './repository/find-at-tips.js'
export { findCommits } from './repository/find-commits.js'
export type { IgnoreRule } from './repository/ignore.js'
export type { CommitName } from './repository/last-commit.js'
export { noRepository } from './repository/no-repository.js'
export { userName } from './repository/user-name.js'
export { editIndex, type IndexEdit } from './transaction/edit-index.js'
export { indexTokensDir } from './transaction/index-file.js'
