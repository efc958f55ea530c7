import type { StartedEvent } from '@kitty/record'
import { commandLine } from '../command/shell-word.js'
import { printableLine, printableLines } from '../terminal/printable.js'
import type { Style } from '../terminal/style.js'

const commandText = (command: readonly string[]): string =>
  `Would run   ${printableLine(commandLine(command))}\n`

/** What would be recorded and run, and that nothing was. */
export const plannedText = (
  event: StartedEvent,
  command: readonly string[] | undefined,
  style: Style,
): string => {
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
