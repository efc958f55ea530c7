import type { KittyErrorCode } from './error-codes.js'
import type { OpId } from './op-id-type.js'

/** The Op or the file that a {@link KittyError} is about, from which a program can build its own hint. */
export type ErrorSubject = {
  /** The id of the Op. */
  readonly id?: OpId
  /** The path of the file, relative to the project root, with `/`. */
  readonly path?: string
}

/** Further details of a {@link KittyError}. */
export type KittyErrorDetails = {
  /** What the user can do about it, as one imperative sentence. */
  readonly hint?: string
  /** The Op or the file that the error is about. */
  readonly about?: ErrorSubject
  /** The error that caused this one. */
  readonly cause?: unknown
}

/**
 * The error that these packages throw deliberately. `code` is UPPER_SNAKE and stable (`docs/errors.md` lists
 * them), `message` says what happened, and `hint` says what to do; it is empty if there is nothing to do.
 */
export class KittyError extends Error {
  override readonly name: string = 'KittyError'
  readonly code: KittyErrorCode
  readonly hint: string
  /** The Op or the file that the error is about; empty if there is none. Not part of `toJSON`. */
  readonly about: ErrorSubject

  constructor(code: KittyErrorCode, message: string, details: KittyErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.code = code
    this.hint = details.hint ?? ''
    this.about = details.about ?? {}
  }

  /** The form in JSON output; leaves out the cause. */
  toJSON(): { code: KittyErrorCode; message: string; hint: string } {
    return { code: this.code, message: this.message, hint: this.hint }
  }
}

/**
 * Whether a value is a {@link KittyError}. Recognizes it by its properties, so it also accepts the errors of another
 * copy of this package, for which `instanceof` is false.
 */
export const isKittyError = (value: unknown): value is KittyError => {
  if (typeof value !== 'object' || value === null) return false
  const { name, message, code, hint, about, toJSON }: Partial<Record<keyof KittyError, unknown>> =
    value
  return (
    [name, message, code, hint].every((text) => typeof text === 'string') &&
    typeof about === 'object' &&
    about !== null &&
    typeof toJSON === 'function'
  )
}
