import type { Finding, Verification } from '@kitty/doctor'
import { printableLine } from '../../terminal/printable.js'
import type { Style } from '../../terminal/style.js'

const line = (label: string, { id, message }: Finding, style: Style): string =>
  `${label}  ${printableLine(message)} ${style.dim(`[${id}]`)}\n`

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

/** Violations, then notes, then the sum. */
export const verificationText = (verification: Verification, style: Style): string => {
  const { violations, notes, checked, ok } = verification
  const verdict = ok ? style.green('OK.') : style.red(`${counted(violations.length, 'violation')}.`)
  const sum = `${counted(checked.records, 'record')} and ${counted(checked.commits, 'commit')} checked.`
  return [
    ...violations.map((finding) => line(style.red('violation'), finding, style)),
    ...notes.map((finding) => line(style.dim('note'), finding, style)),
    `${verdict} ${sum}\n`,
  ].join('')
}
