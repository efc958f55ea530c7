import type { PlannedOp } from '@kitty/writer'
import { redactedNotes } from './opened.js'
import { plannedText } from './render/planned.js'
import type { Report } from './report.js'

/** What an opening would record. It has no id: the next one will have another. */
const plannedJson = ({ event, redacted }: PlannedOp) => {
  const { event: _, invocation_id: __, ...fields } = event
  return { dry_run: true, ...fields, ...(redacted > 0 && { redacted }) }
}

/** The report of an opening that was only tried. */
export const plannedReport = (planned: PlannedOp): Report => ({
  json: plannedJson(planned),
  text: (style) => plannedText(planned.event, style),
  notes: redactedNotes(planned),
})
