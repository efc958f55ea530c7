import type { Check } from '../check/check.js'
import { attributes } from './attributes.js'
import { caseClash } from './case-clash.js'
import { changedAfterClose } from './changed-after-close.js'
import { changedInHistory } from './changed-in-history.js'
import { closureLines } from './closure-lines.js'
import { committedWhileOpen } from './committed-while-open.js'
import { conflictMarkers } from './conflict-markers.js'
import { deadLock } from './dead-lock.js'
import { deletedInHistory } from './deleted-in-history.js'
import { droppedOp } from './dropped-op.js'
import { fullHotFolder } from './full-hot-folder.js'
import { gitVersion } from './git-version.js'
import { goneWorkTree } from './gone-work-tree.js'
import { homePath } from './home-path.js'
import { ignoredByGit } from './ignored-by-git.js'
import { indexRows } from './index-rows.js'
import { sparseRecord } from './kept-off-disk.js'
import { ledgerConflict } from './ledger-conflict.js'
import { ledgerDamaged } from './ledger-damaged.js'
import { ledgerRefspec } from './ledger-refspec.js'
import { ledgerRewound } from './ledger-rewound.js'
import { legacyCompletion } from './legacy-completion.js'
import { lifecycleLines } from './lifecycle-lines.js'
import { misplacedRecord } from './misplaced-record.js'
import { missingRecord } from './missing-record.js'
import { needlessExcludeLine } from './needless-exclude-line.js'
import { needlessIntent } from './needless-intent.js'
import { nestedRepository } from './nested-repository.js'
import { noIdentity } from './no-identity.js'
import { oddRecord } from './odd-record.js'
import { openOp } from './open-op.js'
import { otherStore } from './other-store.js'
import { otherWorkTree } from './other-work-tree.js'
import { propagationErrors } from './propagation-errors.js'
import { protectedBranch } from './protected-branch.js'
import { refLock } from './ref-lock.js'
import { secondCompletion } from './second-completion.js'
import { secretText } from './secret-text.js'
import { stagedChange } from './staged-change.js'
import { stagedDeletion } from './staged-deletion.js'
import { stagedOpenOp } from './staged-open-op.js'
import { staleOp } from './stale-op.js'
import { startLine } from './start-line.js'
import { stateInWorkTree } from './state-in-work-tree.js'
import { strayFile } from './stray-file.js'
import { symlink } from './symlink.js'
import { uncommitted } from './uncommitted.js'
import { unpairedSteps } from './unpaired-steps.js'
import { unreachableWorkTree } from './unreachable-work-tree.js'
import { unreadableRecord } from './unreadable-record.js'
import { visibleRecords } from './visible-records.js'
import { wrongId } from './wrong-id.js'

/**
 * Every check, worst first: findings of one severity are reported in this order, and all are fixed in this
 * order.
 */
export const CHECKS: readonly Check[] = [
  missingRecord,
  stagedDeletion,
  stagedChange,
  changedAfterClose,
  changedInHistory,
  deletedInHistory,
  ledgerRewound,
  ledgerDamaged,
  ledgerConflict,
  conflictMarkers,
  wrongId,
  secondCompletion,
  startLine,
  unreadableRecord,
  symlink,
  nestedRepository,
  misplacedRecord,
  caseClash,
  deadLock,
  refLock,
  gitVersion,
  noIdentity,
  ignoredByGit,
  protectedBranch,
  ledgerRefspec,
  stateInWorkTree,
  goneWorkTree,
  uncommitted,
  stagedOpenOp,
  committedWhileOpen,
  staleOp,
  openOp,
  unreachableWorkTree,
  otherWorkTree,
  otherStore,
  secretText,
  attributes,
  indexRows,
  lifecycleLines,
  closureLines,
  propagationErrors,
  droppedOp,
  needlessIntent,
  needlessExcludeLine,
  visibleRecords,
  legacyCompletion,
  oddRecord,
  sparseRecord,
  strayFile,
  unpairedSteps,
  homePath,
  fullHotFolder,
]
