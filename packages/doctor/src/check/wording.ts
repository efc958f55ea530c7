import { isKittyError, type OpId, shortOpId } from '@kitty/record'
import type { CommitResult } from '@kitty/writer'

const counted = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`

/** Formats a time span for people, rounded down. */
export const formatAge = (hours: number): string => {
  if (hours * 60 < 1) return 'less than a minute'
  if (hours < 1) return counted(Math.floor(hours * 60), 'minute')
  if (hours < 48) return counted(Math.floor(hours), 'hour')
  return counted(Math.floor(hours / 24), 'day')
}

const LONGEST = 60

/** Puts text from a record on one line and cuts it off after 60 characters. */
export const singleLine = (text: string): string => {
  const line = text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)}…`
}

const MOST_NAMES = 10

/** Lists names, each on one line; of many only the first. */
export const listNames = (names: readonly string[]): string => {
  const shown = names.slice(0, MOST_NAMES).map(singleLine).join(', ')
  const more = names.length - MOST_NAMES
  return more > 0 ? `${shown} and ${more} more` : shown
}

/** Names an Op as the subject of its commit does. */
export const nameOf = (op: {
  readonly id: OpId
  readonly profileId: string
  readonly action: string
}): string => `op(${singleLine(op.profileId)}): ${singleLine(op.action)} [${shortOpId(op.id)}]`

const sentence = (text: string): string => (/[.!?:…]$/.test(text) ? text : `${text}.`)

const sentences = (...texts: readonly (string | undefined)[]): string =>
  texts.flatMap((text) => (text ? [sentence(text)] : [])).join(' ')

/** Returns the message of an error, and its hint. */
export const describeError = (error: unknown): string =>
  isKittyError(error) ? sentences(error.message, error.hint) : sentences(String(error))

/** Returns why a commit was not made; empty if it was. */
export const reasonOf = (result: CommitResult): string => {
  if (result.status === 'committed') return ''
  if (result.status !== 'skipped') return sentences(result.message)
  return result.reason === 'disabled' ? 'Committing is turned off.' : 'There is no git repository.'
}
