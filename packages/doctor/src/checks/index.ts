import type { Check } from '../check.js'
import { attributes } from './attributes.js'
import { caseClash } from './case-clash.js'
import { changedAfterClose } from './changed-after-close.js'
import { committedWhileOpen } from './committed-while-open.js'
import { conflictMarkers } from './conflict-markers.js'
import { gitVersion } from './git-version.js'
import { ignoredByGit } from './ignored-by-git.js'
import { keptOffDisk } from './kept-off-disk.js'
import { legacyCompletion } from './legacy-completion.js'
import { misplacedRecord } from './misplaced-record.js'
import { missingRecord } from './missing-record.js'
import { noIdentity } from './no-identity.js'
import { oddRecord } from './odd-record.js'
import { openOp } from './open-op.js'
import { protectedBranch } from './protected-branch.js'
import { secondCompletion } from './second-completion.js'
import { stagedChange } from './staged-change.js'
import { stagedDeletion } from './staged-deletion.js'
import { stagedOpenOp } from './staged-open-op.js'
import { staleOp } from './stale-op.js'
import { startLine } from './start-line.js'
import { strayFile } from './stray-file.js'
import { symlink } from './symlink.js'
import { uncommitted } from './uncommitted.js'
import { unreadableRecord } from './unreadable-record.js'
import { wrongId } from './wrong-id.js'

/**
 * Every check there is, worst first: findings of one severity are reported in this order, and all are
 * mended in it.
 */
export const CHECKS: readonly Check[] = [
  missingRecord,
  stagedDeletion,
  stagedChange,
  changedAfterClose,
  conflictMarkers,
  wrongId,
  secondCompletion,
  startLine,
  unreadableRecord,
  symlink,
  misplacedRecord,
  caseClash,
  gitVersion,
  noIdentity,
  ignoredByGit,
  protectedBranch,
  uncommitted,
  stagedOpenOp,
  committedWhileOpen,
  staleOp,
  openOp,
  attributes,
  legacyCompletion,
  oddRecord,
  keptOffDisk,
  strayFile,
]
