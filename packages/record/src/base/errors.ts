/** Details of a {@link KittyError} besides its code and message. */
export type KittyErrorDetails = {
  /** What the user can do about it, as one imperative sentence. */
  readonly hint?: string
  /** The error that caused this one. */
  readonly cause?: unknown
}

/**
 * The error that these packages throw deliberately. `code` is UPPER_SNAKE and stable, `message` says what happened,
 * and `hint` says what to do; it is empty if there is nothing to do.
 */
export class KittyError extends Error {
  override readonly name: string = 'KittyError'
  readonly code: string
  readonly hint: string

  constructor(code: string, message: string, details: KittyErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.code = code
    this.hint = details.hint ?? ''
  }

  /** The form in JSON output; leaves out the cause. */
  toJSON(): { code: string; message: string; hint: string } {
    return { code: this.code, message: this.message, hint: this.hint }
  }
}
