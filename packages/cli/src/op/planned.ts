import type { PlannedOp } from '@kitty/writer'
import { given } from '../command/defined.js'
import type { Report } from '../command/result.js'
import { redactedNotes } from './opened.js'
import { plannedText } from './planned-text.js'

/** What an opening would record. It has no id: the next one will have another. */
const plannedJson = ({ event, redacted }: PlannedOp, command: readonly string[] | undefined) => {
  const { event: _, invocation_id: __, ...fields } = event
  return { dry_run: true, ...fields, ...(redacted > 0 && { redacted }), ...given({ command }) }
}

/** The report of an opening that was only tried, and of the command that would be run under it. */
export const plannedReport = (
  planned: PlannedOp,
  command: readonly string[] | undefined,
): Report => ({
  json: plannedJson(planned, command),
  text: (style) => plannedText(planned.event, command, style),
  notes: redactedNotes(planned),
})
