import type { ModeOfWork, StartedEvent } from '@kitty/record'
import type { PlannedOp } from '@kitty/writer'
import { definedFields } from '../command/defined.js'
import type { CommandResult } from '../command/result.js'
import { commandLine } from '../command/shell-word.js'
import type { PlannedJson } from '../json/work.js'
import { printableLine, printableLines } from '../terminal/printable.js'
import type { Style } from '../terminal/style.js'
import { governanceJson, redactedNotes } from './opened.js'

/** An Op that would be opened. */
type Planned = PlannedOp & { readonly mode: ModeOfWork }

const commandText = (command: readonly string[]): string =>
  `Would run   ${printableLine(commandLine(command))}\n`

/** The text of a dry run. */
export const plannedText =
  (event: StartedEvent, command: readonly string[] | undefined) =>
  (style: Style): string => {
    const { profile_id, action, actor = '', mode_of_work = '', request_text = '' } = event
    const request = printableLines(request_text).map((line) => `  ${line}\n`)
    return [
      `Would open  ${style.bold(printableLine(action))} by ${printableLine(profile_id)}`,
      ` for ${printableLine(actor)} (${mode_of_work})\n`,
      ...(request_text === '' ? [] : request),
      ...(command === undefined ? [] : [commandText(command)]),
      command === undefined ? 'Nothing was written.\n' : 'Nothing was written or run.\n',
    ].join('')
  }

/** The JSON of a dry run. It has no id, since each opening gets a new one. */
const plannedJson = (
  { event, redacted, mode }: Planned,
  command: readonly string[] | undefined,
): PlannedJson => {
  return {
    dry_run: true,
    profile_id: event.profile_id,
    action: event.action,
    request_text: event.request_text ?? '',
    actor: event.actor ?? '',
    mode_of_work: mode,
    ...governanceJson(event),
    started_at: event.started_at,
    ...definedFields({
      mission_id: event.mission_id,
      wp_id: event.wp_id,
      model_id: event.model_id,
      redacted: redacted || undefined,
      command,
    }),
  }
}

/** The result of a dry run, and of the command that would run. */
export const plannedResult = (
  planned: Planned,
  command: readonly string[] | undefined,
): CommandResult<PlannedJson> => ({
  json: plannedJson(planned, command),
  text: plannedText(planned.event, command),
  notes: redactedNotes(planned),
})
