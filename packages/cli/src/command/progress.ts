import type { Io } from './io.js'

type Progress = {
  /** What is being done. Default `Reading`. */
  readonly verb?: string
  readonly what: string
  readonly done?: number
  readonly total?: number
}

/** Work that is shorter than this, in milliseconds, shows no progress. */
const PATIENCE_MS = 500
const EVERY_MS = 100

const ERASE = '\r\u001b[K'

const lineOf = ({ verb = 'Reading', what, done, total }: Progress): string =>
  done === undefined || total === undefined
    ? `${verb} ${what} …`
    : `${verb} ${what}: ${done} of ${total}`

/** A line on standard error that shows the progress of long work. */
export type ProgressLine = {
  readonly show: (progress: Progress) => void
  /** Erases the line. */
  readonly clear: () => void
}

/** Makes a progress line. It shows nothing if standard error is not a terminal or takes no escape sequences. */
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
