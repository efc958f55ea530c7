import { isDeepStrictEqual } from 'node:util'
import { hasErrors, type OpEvent, type OpRecord, parseOpRecord } from '@kitty/record'

type Fields = Readonly<Record<string, unknown>>

/** The fields of an event; `null` counts as absent. */
const fieldsOf = (event: object): Fields =>
  Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null))

/** The same moment: `Z` and `+00:00` mean the same. */
const momentOf = (time: string): string => time.replace(/Z$/, '+00:00')

/** What an older completion has where it does not repeat the start. */
const BLANK: Fields = {
  action: '',
  request_text: '',
  governance_context_hash: '',
  actor: 'unknown',
  started_at: '',
}

/** The fields of a start that an older completion repeats, most of them blank. */
const COPIED: ReadonlySet<string> = new Set([
  ...Object.keys(BLANK),
  'profile_id',
  'governance_context_available',
  'router_confidence',
  'mode_of_work',
  'mission_id',
  'wp_id',
])

/** Whether a field of an older completion says nothing that the start does not say. */
const isCopy = ([name, value]: readonly [string, unknown], started: Fields): boolean => {
  if (!COPIED.has(name)) return false
  if (name === 'governance_context_available') return typeof value === 'boolean'
  return value === BLANK[name] || isDeepStrictEqual(value, started[name])
}

const without = (fields: Fields, isLeftOut: (field: readonly [string, unknown]) => boolean) =>
  Object.fromEntries(Object.entries(fields).filter((field) => !isLeftOut(field)))

/** The events that are neither the start nor the completion, as they are. */
const othersIn = ({ events }: OpRecord): readonly OpEvent[] =>
  events.filter(({ event }) => event !== 'started' && event !== 'completed')

const keepsCompletion = (before: OpRecord, after: OpRecord): boolean => {
  const started = fieldsOf(before.started ?? {})
  const [old, now] = [fieldsOf(before.completed ?? {}), fieldsOf(after.completed ?? {})]
  const { closed_by: _, ...rest } = now
  const own = ({ completed_at, outcome, ...more }: Fields) => ({
    ...without(more, (field) => isCopy(field, started)),
    completed_at: momentOf(String(completed_at)),
    outcome: outcome ?? 'abandoned',
  })
  return isDeepStrictEqual(own(old), own(rest))
}

/** The moments of a record are texts, so a start that was written again can have another text for the same moment. */
const startOf = ({ started }: OpRecord): Fields => {
  const { started_at, ...rest } = fieldsOf(started ?? {})
  return { ...rest, started_at: momentOf(String(started_at)) }
}

const isCompletedOnce = ({ events }: OpRecord): boolean =>
  events.filter(({ event }) => event === 'completed').length === 1

/**
 * Whether `after` is the older closed record `before` in the current form, as the `upgrade` of the Python spec-kitty writes
 * it: the same id, times, texts, links and outcome (none becomes `abandoned`), without the blank copies of the start, and
 * with `closed_by`. Nothing else can differ.
 */
export const isMigration = (before: Buffer, after: Buffer): boolean => {
  const [old, now] = [parseOpRecord(before), parseOpRecord(after)]
  if (old.status !== 'closed' || !old.legacy || now.status !== 'closed' || now.legacy) return false
  return (
    old.invocation_id === now.invocation_id &&
    !hasErrors(now) &&
    isCompletedOnce(now) &&
    isDeepStrictEqual(startOf(old), startOf(now)) &&
    isDeepStrictEqual(othersIn(old).map(fieldsOf), othersIn(now).map(fieldsOf)) &&
    keepsCompletion(old, now)
  )
}
