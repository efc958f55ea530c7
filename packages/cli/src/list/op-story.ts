import { isEvent, type OpEvent, type OpRecord, parseTimestamp } from '@kitty/record'
import { outcomePaint } from '../terminal/outcome.js'
import type { Style } from '../terminal/style.js'
import { type Cell, table } from '../terminal/table.js'
import { momentText, spanText } from '../terminal/time.js'

type Step = {
  readonly at: string | undefined
  readonly what: string
  readonly more: string
  readonly paint?: (text: string) => string
}

const textOf = (event: OpEvent, key: string): string | undefined => {
  const value = Object.entries(event).find(([name]) => name === key)?.[1]
  return typeof value === 'string' && value !== '' ? value : undefined
}

const stepOf = (event: OpEvent, style: Style): Step => {
  const at = textOf(event, 'at')
  if (isEvent(event, 'started')) return { at: event.started_at, what: 'opened', more: '' }
  if (isEvent(event, 'completed')) {
    const what = event.outcome ?? 'unknown'
    const more = event.closed_by === undefined ? '' : `closed by ${event.closed_by}`
    return { at: event.completed_at, what, more, paint: outcomePaint(what, style) }
  }
  if (isEvent(event, 'artifact_link'))
    return { at, what: 'made', more: `${event.ref} (${event.kind})` }
  if (isEvent(event, 'commit_link')) return { at, what: 'commit made', more: event.sha }
  if (isEvent(event, 'note')) return { at, what: 'explained', more: '' }
  return { at, what: event.event, more: '' }
}

/** The first moment in full, the others by how long after it they were. */
const whenOf = (at: string | undefined, start: number | undefined, first: boolean): string => {
  const moment = at === undefined ? undefined : parseTimestamp(at)
  if (moment === undefined) return '?'
  const after = first || start === undefined ? undefined : moment - start
  return after === undefined ? momentText(new Date(moment)) : `+${spanText(Math.max(0, after))}`
}

const LONGEST_MOMENT = 19

/** What happened, event by event, each on a line of its own, indented. */
export const storyText = ({ events, started }: OpRecord, style: Style): string => {
  const start = started && parseTimestamp(started.started_at)
  const rows = events.map((event, number): Cell[] => {
    const { at, what, more, paint } = stepOf(event, style)
    const when = whenOf(at, start, number === 0).padStart(LONGEST_MOMENT)
    return [{ text: `  ${when}` }, { text: what, ...(paint && { paint }) }, { text: more }]
  })
  return table(rows)
}
