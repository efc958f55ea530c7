import type { Progress } from '@kitty/doctor'
import type { Io } from './io.js'

/** Work that is done sooner than this, in milliseconds, needs no progress. */
const PATIENCE_MS = 500
const EVERY_MS = 100

const ERASE = '\r\u001b[K'

const lineOf = ({ what, done, total }: Progress): string =>
  done === undefined || total === undefined
    ? `Reading ${what} …`
    : `Reading ${what}: ${done} of ${total}`

/** A line on a terminal's standard error that says how far long work has come. */
export type ProgressLine = {
  readonly show: (progress: Progress) => void
  /** Leaves the terminal as if there had been no line. */
  readonly clear: () => void
}

/** Where standard error is no terminal, or takes no escape sequences, nothing is ever shown. */
export const progressOn = (
  { stderr, clock }: Pick<Io, 'stderr' | 'clock'>,
  colour: boolean,
): ProgressLine => {
  const canShow = stderr.isTTY && colour
  let next = clock().getTime() + PATIENCE_MS
  let shown = false
  return {
    show: (progress) => {
      const now = clock().getTime()
      if (!canShow || now < next) return
      next = now + EVERY_MS
      shown = true
      stderr.write(`${ERASE}${lineOf(progress)}`)
    },
    clear: () => {
      if (shown) stderr.write(ERASE)
    },
  }
}
