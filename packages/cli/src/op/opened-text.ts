import { OUTCOME_TO_TYPE } from '../command/closing-words.js'
import { printableLine } from '../terminal/printable.js'
import type { Style } from '../terminal/style.js'
import { closeCommand, type Opened } from './opened.js'

/** What was opened, where it is kept, and how to close it. */
export const openedText = (opened: Opened, style: Style): string => {
  const { invocation_id, profile_id, action } = opened.op.event
  const what = `${printableLine(action)} by ${printableLine(profile_id)}`
  const close = `${closeCommand(opened)} ${OUTCOME_TO_TYPE}`
  return [
    `Opened    ${style.bold(invocation_id)}  ${what}\n`,
    `Record    ${opened.op.path}\n`,
    `Close it  ${printableLine(close)}\n`,
  ].join('')
}
