import { KittyError } from '@kitty/record'
import { explainSystemError } from '../fs/errors.js'
import type { CommitResult } from '../ports/commit-strategy.js'

/** The result for an Op that waited too long for another commit. */
export const lockTimeout: CommitResult = {
  status: 'deferred',
  reason: 'lock-timeout',
  message: 'Timed out waiting for another commit in this work tree.',
  hint: 'Flush the store to commit the Op; otherwise it is committed with the next one.',
}

/** The result for an Op whose record no longer has the bytes it was closed with. */
export const recordChanged: CommitResult = {
  status: 'deferred',
  reason: 'record-changed',
  message: 'Another process changed the record while the Op was being closed.',
  hint: 'Check what changed the record. The Op stays pending.',
}

/** The result for an Op whose commit ended with an error. */
export const commitFailed = (error: unknown): CommitResult => {
  const known = explainSystemError(error)
  return known instanceof KittyError
    ? { status: 'failed', code: known.code, message: known.message, hint: known.hint }
    : { status: 'failed', code: 'COMMIT_FAILED', message: String(error) }
}
