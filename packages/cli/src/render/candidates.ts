import type { Candidate } from '../candidates.js'
import { outcomePaint } from './outcome.js'
import type { Style } from './style.js'
import { table } from './table.js'
import { momentText } from './time.js'

/** Ops that may have been meant, one a line, indented. */
export const candidatesText = (candidates: readonly Candidate[], style: Style): string =>
  table(
    candidates.map((op) => {
      const outcome = op.status === 'open' ? 'open' : (op.outcome ?? 'unknown')
      return [
        { text: `  ${op.invocation_id}` },
        { text: outcome, paint: outcomePaint(outcome, style) },
        { text: momentText(new Date(op.started_at)) },
        { text: `${op.action} by ${op.profile_id}` },
        { text: op.request_excerpt ?? '' },
      ]
    }),
  )
