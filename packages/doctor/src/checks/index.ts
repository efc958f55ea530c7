import type { Check } from '../check.js'
import { changedAfterClose } from './changed-after-close.js'
import { keptOffDisk } from './kept-off-disk.js'
import { legacyCompletion } from './legacy-completion.js'
import { missingRecord } from './missing-record.js'
import { openOp } from './open-op.js'
import { stagedDeletion } from './staged-deletion.js'
import { uncommitted } from './uncommitted.js'
import { unreadableRecord } from './unreadable-record.js'

/** Every check there is, worst first: findings of one severity are reported in this order. */
export const CHECKS: readonly Check[] = [
  missingRecord,
  stagedDeletion,
  changedAfterClose,
  unreadableRecord,
  uncommitted,
  openOp,
  legacyCompletion,
  keptOffDisk,
]
