import type { KittyError } from '@kitty/record'
import { toJson } from '../terminal/json.js'
import { printableLine } from '../terminal/printable.js'
import { type Style, styleFor } from '../terminal/style.js'
import { DetailedError, exitStatusOf } from './errors.js'
import type { Outputs } from './io.js'
import type { Manner } from './output-mode.js'

/** Something the person should know besides; it goes to standard error. */
export type Note = {
  readonly kind: 'note' | 'warning'
  readonly message: string
  readonly hint?: string
}

/** What a command came to. */
export type Report = {
  readonly json: unknown
  /** The same for people; whole lines. */
  readonly text: (style: Style) => string
  readonly notes?: readonly Note[]
  /** Default 0. */
  readonly exitStatus?: number
}

const printNote = ({ kind, message, hint }: Note, io: Outputs, { colour }: Manner): void => {
  const style = styleFor(io.stderr, colour)
  const label = kind === 'warning' ? style.yellow('warning: ') : ''
  io.stderr.write(`spec-kitty: ${label}${printableLine(message)}\n`)
  if (hint) io.stderr.write(`  ${printableLine(hint)}\n`)
}

/** Prints what a command came to, and gives the exit status. */
export const printReport = (report: Report, io: Outputs, manner: Manner): number => {
  for (const note of report.notes ?? []) printNote(note, io, manner)
  io.stdout.write(
    manner.json
      ? toJson(report.json, io.stdout.isTTY)
      : report.text(styleFor(io.stdout, manner.colour)),
  )
  return report.exitStatus ?? 0
}

const stackOf = (error: KittyError): string => {
  const own = error.stack ?? ''
  return error.cause instanceof Error ? `${own}\nCaused by ${error.cause.stack ?? ''}` : own
}

const printForPeople = (error: KittyError, io: Outputs, { colour }: Manner): void => {
  const style = styleFor(io.stderr, colour)
  io.stderr.write(`spec-kitty: ${style.red(printableLine(error.message))}\n`)
  if (error.hint !== '') io.stderr.write(`  ${printableLine(error.hint)}\n`)
  if (error instanceof DetailedError) io.stderr.write(error.details().text(style))
}

/** What an error tells programs besides its words. */
const besides = (error: KittyError): object => ({
  ...('commit' in error && { commit: error.commit }),
  ...(error instanceof DetailedError && error.details().json),
})

/** Prints an error, and gives the exit status. */
export const printError = (error: KittyError, io: Outputs, manner: Manner): number => {
  const json = { error: error.toJSON(), ...besides(error) }
  if (manner.json) io.stdout.write(toJson(json, io.stdout.isTTY))
  else printForPeople(error, io, manner)
  if (manner.debug) io.stderr.write(`${stackOf(error)}\n`)
  return exitStatusOf(error)
}
