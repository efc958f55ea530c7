import type { StartedEvent } from '@kitty/record'
import { printableLine, printableLines } from './printable.js'
import type { Style } from './style.js'

/** What would be recorded, and that nothing was. */
export const plannedText = (event: StartedEvent, style: Style): string => {
  const { profile_id, action, actor = '', mode_of_work = '', request_text = '' } = event
  const request = printableLines(request_text).map((line) => `  ${line}\n`)
  return [
    `Would open  ${style.bold(printableLine(action))} by ${printableLine(profile_id)}`,
    ` for ${printableLine(actor)} (${mode_of_work})\n`,
    ...(request_text === '' ? [] : request),
    'Nothing was written.\n',
  ].join('')
}
