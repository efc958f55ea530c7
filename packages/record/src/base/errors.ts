/** The Op or the file that a {@link KittyError} is about, from which a program can build its own hint. */
export type ErrorSubject = {
  /** The id of the Op. */
  readonly id?: string
  /** The path of the file, relative to the project root, with `/`. */
  readonly path?: string
}

/** What a {@link KittyError} can carry beside its code and message. */
export type KittyErrorDetails = {
  /** What the person can do about it, as one sentence. */
  readonly hint?: string
  /** The Op or the file that the error is about. */
  readonly about?: ErrorSubject
  /** The error that led to this one. */
  readonly cause?: unknown
}

/**
 * Every error that these packages throw on purpose. `code` is UPPER_SNAKE and stable, `message`
 * says what happened, `hint` says what to do and is empty when there is nothing to do.
 */
export class KittyError extends Error {
  override readonly name: string = 'KittyError'
  readonly code: string
  readonly hint: string
  /** The Op or the file that the error is about; empty if there is none. Not part of `toJSON`. */
  readonly about: ErrorSubject

  constructor(code: string, message: string, details: KittyErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.code = code
    this.hint = details.hint ?? ''
    this.about = details.about ?? {}
  }

  /** The shape that the command line prints under `error`; the cause stays private. */
  toJSON(): { code: string; message: string; hint: string } {
    return { code: this.code, message: this.message, hint: this.hint }
  }
}
