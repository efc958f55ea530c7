import type { ReportedOp } from '../src/page/reported.js'
import { data, type OutcomeName } from './data.js'

/** Which Ops are shown; an empty text or set lets all pass. */
export type Filter = {
  readonly text: string
  readonly outcomes: ReadonlySet<OutcomeName>
  readonly profile: string
  readonly mission: string
}

const searched = ({ id, profile, action, actor, mission, wp, model, request }: ReportedOp) =>
  [id, profile, action, actor, mission, wp, model, request].join('\n').toLowerCase()

// Made once: a search is asked for with each key that is pressed.
const texts = new Map<ReportedOp, string>()

const textOf = (op: ReportedOp): string => {
  const text = texts.get(op) ?? searched(op)
  texts.set(op, text)
  return text
}

/** The Ops that pass, newest first. Every word of the search has to be somewhere. */
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
