import { KittyError, type OpId, outcomeOf } from '@kitty/record'
import type { CommitResult } from '../ports/commit-strategy.js'
import type { OpFile } from '../records/record-file.js'

type SchemaError = {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]
}

/** The first thing a schema found wrong, as `field: message`. */
export const firstIssue = (error: SchemaError): string => {
  const issue = error.issues[0]
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`
}

/** The error for something the caller got wrong. */
export const usageError = (code: string, message: string, hint: string): KittyError =>
  new KittyError(code, message, { hint })

/** Somebody closed the Op before. Its record was not touched; its commit was tried if still pending. */
export class AlreadyClosedError extends KittyError {
  /** The closed record, as it was found. */
  readonly file: OpFile
  readonly commit: CommitResult

  constructor(file: OpFile, commit: CommitResult) {
    const outcome = outcomeOf(file.record) ?? 'unknown'
    const { invocation_id: id } = file.record
    super(
      'ALREADY_CLOSED',
      `The Op is closed already, with the outcome "${outcome}": ${file.path}`,
      {
        hint: 'A closed record never changes. Open a new Op for what is still to be done.',
        about: { path: file.path, ...(id !== undefined && { id }) },
      },
    )
    this.file = file
    this.commit = commit
  }
}

export const recordDamaged = (file: OpFile): KittyError =>
  new KittyError(
    'RECORD_DAMAGED',
    `The record has no readable start, so it cannot be closed: ${file.path}`,
    {
      hint: `See what is wrong with: spec-kitty ops validate ${file.path}`,
      about: { path: file.path },
    },
  )

export const closeInProgress = (id: OpId): KittyError =>
  new KittyError('CLOSE_IN_PROGRESS', `Another process is closing Op ${id} right now.`, {
    hint: 'Look again in a moment: spec-kitty ops show',
    about: { id },
  })

export const recordChangedError = (id: OpId): KittyError =>
  new KittyError('RECORD_CHANGED', `The record of Op ${id} changed after a close had begun.`, {
    hint: 'See what is known of it with: spec-kitty doctor ops',
    about: { id },
  })
