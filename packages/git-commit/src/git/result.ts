import type { CommitResult } from '@kitty/writer'
import { failureFromError } from './failures.js'

/** What a step returns: its value, or the result that ends the commit early. */
export type Result<T, R = CommitResult> = { readonly ok: true; readonly value: T } | Stopped<R>

/** The result that ends a commit early. */
export type Stopped<R> = { readonly ok: false; readonly result: R }

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value })

export const stop = <R>(result: R): Stopped<R> => ({ ok: false, result })

/** Converts an error to the end of a commit: a strategy never throws these. */
export const stopOnError = (error: unknown): Stopped<CommitResult> => stop(failureFromError(error))
