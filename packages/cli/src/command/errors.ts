import { KittyError } from '@kitty/record'
import type { Style } from '../terminal/style.js'

/** An error that has more to show than its words. */
export abstract class DetailedError extends KittyError {
  /** For programs, and the same for people; whole lines. */
  abstract details(): { readonly json: object; readonly text: (style: Style) => string }
}

/** The command line was used wrongly: exit status 2. */
export class UsageError extends KittyError {}

/** Values that only the packages below can judge, but that somebody typed here. */
const TYPED_WRONGLY = new Set(['REQUEST_INVALID', 'CLOSING_INVALID'])

/** The exit status of a command that looks for trouble, where it could not look; 1 is trouble that it found. */
export const COULD_NOT_LOOK = 2

/** The exit status for an error: 2 for wrong usage, else 1. */
export const exitStatusOf = (error: KittyError): number =>
  error instanceof UsageError || TYPED_WRONGLY.has(error.code) ? 2 : 1

/** Whether an error says that there is no such Op. */
export const isMissing = (error: unknown): boolean =>
  error instanceof KittyError && error.code === 'OP_NOT_FOUND'

/** A file that somebody named and that cannot be read. */
export const notReadable = (what: string, path: string, cause: unknown): KittyError => {
  const why = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
  return new KittyError('FILE_NOT_READABLE', `${what} cannot be read: ${path}${why}`, {
    hint: 'Give the path of a file that is there and that you may read.',
    cause,
  })
}

/** What is thrown for no reason that we know of: our mistake, not the person's. */
export const internalError = (cause: unknown): KittyError => {
  const words = cause instanceof Error ? cause.message : String(cause)
  return new KittyError('INTERNAL_ERROR', `A mistake in spec-kitty: ${words}`, {
    hint: 'Please report it, with what --debug adds to this message.',
    cause,
  })
}
