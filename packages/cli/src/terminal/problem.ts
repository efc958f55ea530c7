import { printableLine } from './printable.js'
import type { Style } from './style.js'

/** A problem of a record. Line 0 means the whole file. */
export type ShownProblem = {
  readonly line: number
  readonly code: string
  readonly severity: 'error' | 'warning' | 'info'
  readonly message: string
}

const PAINT = { error: 'red', warning: 'yellow', info: 'dim' } as const

/** A severity in its style. */
export const severityText = (severity: ShownProblem['severity'], style: Style): string =>
  style[PAINT[severity]](severity)

/** One problem on one line, without a line end. */
export const problemLine = (problem: ShownProblem, style: Style): string => {
  const { line, code, severity, message } = problem
  const place = line > 0 ? `line ${line}: ` : ''
  return `${place}${severityText(severity, style)} ${code}: ${printableLine(message)}`
}
