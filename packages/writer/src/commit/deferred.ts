import type { CommitResult } from '../ports/commit-strategy.js'

/** For whoever waited too long for another commit. */
export const lockTimeout: CommitResult = {
  status: 'deferred',
  reason: 'lock-timeout',
  message: 'Another commit of this software in this work tree took too long.',
  hint: 'The Op stays pending and is committed with the next one, or by: spec-kitty doctor ops --fix',
}

/** For whoever waited for a commit that found another record than was closed. */
export const recordChanged: CommitResult = {
  status: 'deferred',
  reason: 'record-changed',
  message: 'The record was changed by somebody else while it was being closed.',
  hint: 'Run: spec-kitty doctor ops',
}

/** For whoever waited for a turn that nobody foresaw to fail. */
export const batchFailed = (error: unknown): CommitResult => ({
  status: 'failed',
  code: 'COMMIT_FAILED',
  message: String(error),
})
