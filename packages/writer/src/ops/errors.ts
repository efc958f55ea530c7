import {
  type ClosedRecord,
  KittyError,
  type KittyErrorCode,
  type OpId,
  outcomeOf,
} from '@kitty/record'
import type { CommitResult } from '../ports/commit-strategy.js'
import { CLOSURES_PATH } from '../project/paths.js'
import type { OpFile } from '../records/record-file.js'

type SchemaError = {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]
}

/** The first issue that a schema reported, as `field: message`. */
export const firstIssue = (error: SchemaError): string => {
  const { path = [], message = '' } = error.issues[0] ?? {}
  return [...(path.length > 0 ? [path.join('.')] : []), message].join(': ')
}

/** The error for invalid input from the caller. */
export const usageError = (code: KittyErrorCode, message: string, hint: string): KittyError =>
  new KittyError(code, message, { hint })

/** The Op was closed before. Its record is unchanged; a pending commit was attempted. */
export class AlreadyClosedError extends KittyError {
  /** The closed record on disk. */
  readonly file: OpFile & { readonly record: ClosedRecord }
  readonly commit: CommitResult

  constructor(file: OpFile & { readonly record: ClosedRecord }, commit: CommitResult) {
    const outcome = outcomeOf(file.record)
    const { invocation_id: id, beside } = file.record
    const where = beside ? `${CLOSURES_PATH}, for ${file.path}` : file.path
    super('ALREADY_CLOSED', `The Op is already closed with the outcome "${outcome}": ${where}`, {
      hint: 'Open a new Op for further work. A closed record never changes.',
      about: { path: file.path, id },
    })
    this.file = file
    this.commit = commit
  }
}

const NO_START = 'has no readable `started` event'

/** Why an Op can never be closed; by default because its record has no start. */
export const recordDamaged = (file: OpFile, why = NO_START): KittyError =>
  new KittyError(
    'RECORD_DAMAGED',
    `The Op cannot be closed, because its record ${why}: ${file.path}`,
    {
      hint: 'Parse the record to see its problems.',
      about: { path: file.path },
    },
  )

export const closeInProgress = (id: OpId): KittyError =>
  new KittyError('CLOSE_IN_PROGRESS', `Another process is closing Op ${id}.`, {
    hint: 'Try again in a moment.',
    about: { id },
  })

export const recordChangedError = (id: OpId): KittyError =>
  new KittyError(
    'RECORD_CHANGED',
    `The record of Op ${id} changed while the Op was being closed.`,
    {
      hint: 'Check what changed the record. The Op stays pending.',
      about: { id },
    },
  )
