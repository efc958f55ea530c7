import type { RestoreReport } from '@kitty/doctor'
import { printableLine } from '../../terminal/printable.js'
import type { Style } from '../../terminal/style.js'

const ORIGIN = { head: 'git', mark: 'the state folder', history: 'an earlier commit' } as const

/** What came back and from where, what did not and why. */
export const restoreText = ({ restored, left }: RestoreReport, style: Style): string => {
  const back = restored.map(
    ({ path, from }) => `${style.green('restored')}  ${printableLine(path)} from ${ORIGIN[from]}\n`,
  )
  const others = left.map(
    ({ message, hint }) =>
      `${style.yellow('left')}  ${printableLine(`${message} ${hint}`.trim())}\n`,
  )
  const nothing = restored.length + left.length === 0 ? ['No record is missing.\n'] : []
  return [...back, ...others, ...nothing].join('')
}
