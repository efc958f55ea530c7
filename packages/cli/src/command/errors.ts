import { KittyError, type KittyErrorCode } from '@kitty/record'
import type { ErrorJson } from '../json/shared.js'
import type { Style } from '../terminal/style.js'

/** An error with details, such as a list of candidates. */
export abstract class DetailedError extends KittyError {
  /** The details for programs, and the same for people in whole lines. */
  abstract details(): {
    readonly json: Omit<ErrorJson, 'error'>
    readonly text: (style: Style) => string
  }
}

/** Wrong usage of the command line. The exit status is 2. */
export class UsageError extends KittyError {}

/** Codes of the packages below for values that were typed here. */
const TYPED_WRONGLY: ReadonlySet<KittyErrorCode> = new Set(['REQUEST_INVALID', 'CLOSING_INVALID'])

/** The exit status of a checking command that could not check; 1 means that it found something. */
export const COULD_NOT_LOOK = 2

/** The exit status for an error: 2 for wrong usage, else 1. */
export const exitStatusOf = (error: KittyError): number =>
  error instanceof UsageError || TYPED_WRONGLY.has(error.code) ? 2 : 1

/** Whether an error means that the Op does not exist. */
export const isMissing = (error: unknown): boolean =>
  error instanceof KittyError && error.code === 'OP_NOT_FOUND'

/** The error for a file that was named and cannot be read. */
export const notReadable = (what: string, path: string, cause: unknown): KittyError => {
  const why = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
  return new KittyError('FILE_NOT_READABLE', `${what} cannot be read: ${path}${why}`, {
    hint: 'Use the path of an existing file that you can read.',
    cause,
  })
}

/** The error for anything thrown without a code: a bug in the program `bin`. */
export const internalError = (cause: unknown, bin: string): KittyError => {
  const words = cause instanceof Error ? cause.message : String(cause)
  return new KittyError('INTERNAL_ERROR', `A bug in ${bin}: ${words}`, {
    hint: 'Please report it, with the output of the same command with --debug.',
    cause,
  })
}
