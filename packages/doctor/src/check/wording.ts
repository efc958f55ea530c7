import { KittyError, shortOpId } from '@kitty/record'
import type { CommitResult } from '@kitty/writer'

const counted = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`

/** A span of time as people say it, rounded down. */
export const formatAge = (hours: number): string => {
  if (hours * 60 < 1) return 'less than a minute'
  if (hours < 1) return counted(Math.floor(hours * 60), 'minute')
  if (hours < 48) return counted(Math.floor(hours), 'hour')
  return counted(Math.floor(hours / 24), 'day')
}

const LONGEST = 60

/** Text from a record, made fit for one line of a message. */
export const singleLine = (text: string): string => {
  const line = text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)}…`
}

/** An Op as people know it from its commit's subject. */
export const nameOf = (op: {
  readonly id: string
  readonly profile_id: string
  readonly action: string
}): string => `op(${singleLine(op.profile_id)}): ${singleLine(op.action)} [${shortOpId(op.id)}]`

const sentence = (text: string): string => (/[.!?:…]$/.test(text) ? text : `${text}.`)

const sentences = (...texts: readonly (string | undefined)[]): string =>
  texts.flatMap((text) => (text ? [sentence(text)] : [])).join(' ')

/** What an error says, and what to do about it. */
export const describeError = (error: unknown): string =>
  error instanceof KittyError ? sentences(error.message, error.hint) : sentences(String(error))

/** Why a commit was not made, and what to do about it. */
export const reasonOf = (result: CommitResult): string => {
  if (result.status === 'committed') return ''
  if (result.status !== 'skipped') return sentences(result.message, result.hint)
  return result.reason === 'disabled' ? 'Committing is turned off.' : 'There is no git repository.'
}
