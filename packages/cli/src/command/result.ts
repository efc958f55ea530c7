import type { KittyError } from '@kitty/record'
import type { CommitJson, ErrorJson } from '../json/shared.js'
import { toJson } from '../terminal/json.js'
import { printableLine } from '../terminal/printable.js'
import { type Style, styleFor } from '../terminal/style.js'
import { DetailedError, exitStatusOf } from './errors.js'
import { hintedCommit, hintFor } from './hints.js'
import type { Outputs } from './io.js'
import type { OutputMode } from './output-mode.js'
import type { Program } from './program.js'

/** A note or a warning for people. It goes to standard error. */
export type Note = {
  readonly kind: 'note' | 'warning'
  readonly message: string
  readonly hint?: string
}

/** The result of a command. `Json` is the type of its JSON, from `json/`. */
export type CommandResult<Json> = {
  readonly json: Json
  /** The same for people, in whole lines. */
  readonly text: (style: Style) => string
  readonly notes?: readonly Note[]
  /** Default 0. */
  readonly exitStatus?: number
}

const printNote = (
  { kind, message, hint }: Note,
  io: Outputs,
  { bin, colour }: OutputMode,
): void => {
  const style = styleFor(io.stderr, colour)
  const label = kind === 'warning' ? style.yellow('warning: ') : ''
  io.stderr.write(`${bin}: ${label}${printableLine(message)}\n`)
  if (hint) io.stderr.write(`  ${printableLine(hint)}\n`)
}

/** Prints the result of a command. Returns the exit status. */
export const printResult = (
  report: CommandResult<unknown>,
  io: Outputs,
  outputMode: OutputMode,
): number => {
  // Two questions can meet the same trouble.
  const notes = new Map((report.notes ?? []).map((note) => [`${note.message}\n${note.hint}`, note]))
  for (const note of notes.values()) printNote(note, io, outputMode)
  io.stdout.write(
    outputMode.json
      ? toJson(report.json, io.stdout.isTTY)
      : report.text(styleFor(io.stdout, outputMode.colour)),
  )
  return report.exitStatus ?? 0
}

const stackOf = (error: KittyError): string => {
  const own = error.stack ?? ''
  return error.cause instanceof Error ? `${own}\nCaused by ${error.cause.stack ?? ''}` : own
}

const printForPeople = (
  error: KittyError,
  hint: string,
  io: Outputs,
  { bin, colour }: OutputMode,
): void => {
  const style = styleFor(io.stderr, colour)
  io.stderr.write(`${bin}: ${style.red(printableLine(error.message))}\n`)
  if (hint !== '') io.stderr.write(`  ${printableLine(hint)}\n`)
  if (error instanceof DetailedError) io.stderr.write(error.details().text(style))
}

const isCommit = (value: unknown): value is CommitJson =>
  typeof value === 'object' && value !== null && 'status' in value

/** The fields of an error for programs, other than code, message and hint. */
const extraFields = (error: KittyError, program: Program): Omit<ErrorJson, 'error'> => ({
  ...('commit' in error &&
    isCommit(error.commit) && { commit: hintedCommit(error.commit, error.about, program) }),
  ...(error instanceof DetailedError && error.details().json),
})

/** Prints an error. Returns the exit status. */
export const printError = (error: KittyError, io: Outputs, outputMode: OutputMode): number => {
  const hint = hintFor(error.code, error.hint, error.about, outputMode)
  if (outputMode.json) {
    const json: ErrorJson = {
      error: { ...error.toJSON(), hint },
      ...extraFields(error, outputMode),
    }
    io.stdout.write(toJson(json, io.stdout.isTTY))
  } else printForPeople(error, hint, io, outputMode)
  if (outputMode.debug) io.stderr.write(`${stackOf(error)}\n`)
  return exitStatusOf(error)
}
