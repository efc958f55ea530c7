import { parseTimestamp } from '@kitty/record'
import type { OpSummary } from '@kitty/writer'
import { outcomePaint } from './outcome.js'
import type { Style } from './style.js'
import { type Cell, table } from './table.js'
import { ageText, spanText } from './time.js'

/** What was asked for, and whether there is more of it. */
export type OpList = {
  readonly ops: readonly OpSummary[]
  readonly more: boolean
  readonly now: Date
}

const outcomeCell = (op: OpSummary, style: Style): Cell => {
  const text = op.status === 'open' ? 'open' : (op.outcome ?? 'unknown')
  return { text, paint: outcomePaint(text, style) }
}

const ageOf = (op: OpSummary, now: Date): string => {
  const started = parseTimestamp(op.started_at)
  return started === undefined ? '?' : ageText(now.getTime() - started)
}

const HEADINGS = ['ID', 'OUTCOME', 'OPENED', 'TOOK', 'PROFILE', 'ACTION', 'ACTOR', 'WP']

const row = (op: OpSummary, now: Date, style: Style): Cell[] => [
  { text: op.invocation_id },
  outcomeCell(op, style),
  { text: ageOf(op, now) },
  { text: op.duration_ms === undefined ? '-' : spanText(op.duration_ms) },
  { text: op.profile_id },
  { text: op.action },
  { text: op.actor ?? '-' },
  { text: op.wp_id ?? '' },
]

/** A list of Ops as a table. */
export const opListText = ({ ops, more, now }: OpList, style: Style): string => {
  if (ops.length === 0) return 'No Ops here. Open one with: spec-kitty do "what is to be done"\n'
  const headings = HEADINGS.map((text) => ({ text, paint: style.dim }))
  const rows = table([headings, ...ops.map((op) => row(op, now, style))])
  return more ? `${rows}${style.dim(`The newest ${ops.length}; -n shows more.`)}\n` : rows
}
