import { KittyError, type OpId } from '@kitty/record'
import { UsageError } from '../command/errors.js'
import { parseTimeFlag } from './time-flag.js'

/** Which Ops `--since` selects: by the time that they were opened, or by their records. */
type Since = {
  /** The time, as it was typed; `undefined` if it was a revision. */
  readonly since: string | undefined
  readonly isNew: (id: OpId) => boolean
}

const isTime = (text: string, now: Date): boolean => {
  try {
    parseTimeFlag('since', text, now)
    return true
  } catch (error) {
    if (error instanceof UsageError) return false
    throw error
  }
}

const neither = (typed: string): KittyError =>
  new UsageError(
    'TIME_INVALID',
    `--since: ${JSON.stringify(typed)} is neither a time nor a commit in this clone.`,
    {
      hint: 'Use a time (2026-03-01, yesterday, 2h) or a revision that is in this clone (origin/main).',
    },
  )

/**
 * Decides what `--since` means: a time, else a revision. Throws `TIME_INVALID` if it is neither, and what finding the
 * history throws.
 */
export const selectedSince = async (
  root: string,
  typed: string | undefined,
  now: Date,
): Promise<Since> => {
  if (typed === undefined || isTime(typed, now)) return { since: typed, isNew: () => true }
  const { recordsSince } = await import('@kitty/git-commit/inspect')
  try {
    return { since: undefined, isNew: await recordsSince(root, typed) }
  } catch (error) {
    const isUnknown = error instanceof KittyError && error.code === 'REV_NOT_FOUND'
    throw isUnknown || (error instanceof KittyError && error.code === 'NO_REPOSITORY')
      ? neither(typed)
      : error
  }
}
