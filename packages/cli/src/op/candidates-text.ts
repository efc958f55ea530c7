import { parseTimestamp } from '@kitty/record'
import { outcomePaint } from '../terminal/outcome.js'
import type { Style } from '../terminal/style.js'
import { table } from '../terminal/table.js'
import { momentText } from '../terminal/time.js'
import type { Candidate } from './candidates.js'

const HELD = {
  running: 'its command runs',
  'other-session': 'another session',
  person: 'opened by a person',
  agent: 'opened by an agent',
  unknown: 'opened elsewhere',
} as const

const heldText = ({ held_by }: Candidate): string =>
  held_by === undefined ? '' : ` (${HELD[held_by]})`

/** When it was opened; a start that cannot be read is none. */
const startText = (time: string): string => {
  const moment = parseTimestamp(time)
  return moment === undefined ? '-' : momentText(new Date(moment))
}

/** Ops that may have been meant, one a line, indented. */
export const candidatesText = (candidates: readonly Candidate[], style: Style): string =>
  table(
    candidates.map((op) => {
      const outcome = op.status === 'open' ? 'open' : (op.outcome ?? 'unknown')
      return [
        { text: `  ${op.invocation_id}` },
        { text: `${outcome}${heldText(op)}`, paint: outcomePaint(outcome, style) },
        { text: startText(op.started_at) },
        { text: `${op.action} by ${op.profile_id}` },
        { text: op.request_excerpt ?? '' },
      ]
    }),
  )
