import type { ReportedOp } from '../src/page/reported.js'
import { data, type OutcomeName } from './data.js'

/** The filter of the page. An empty text or set matches all Ops. */
export type Filter = {
  readonly text: string
  readonly outcomes: ReadonlySet<OutcomeName>
  readonly profile: string
  readonly mission: string
}

const searched = ({ id, profile, action, actor, mission, wp, model, request }: ReportedOp) =>
  [id, profile, action, actor, mission, wp, model, request].join('\n').toLowerCase()

// Computed once, since the search runs on each key press.
const texts = new Map<ReportedOp, string>()

const textOf = (op: ReportedOp): string => {
  const text = texts.get(op) ?? searched(op)
  texts.set(op, text)
  return text
}

/** The Ops that match, newest first. Every word of the search must occur in the Op. */
export const passing = ({ text, outcomes, profile, mission }: Filter): readonly ReportedOp[] => {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return data.ops.filter(
    (op) =>
      (outcomes.size === 0 || outcomes.has(op.outcome)) &&
      (profile === '' || op.profile === profile) &&
      (mission === '' || op.mission === mission) &&
      words.every((word) => textOf(op).includes(word)),
  )
}
