import type { KittyError } from '@kitty/record'
import { toJson } from '../terminal/json.js'
import { printableLine } from '../terminal/printable.js'
import { type Style, styleFor } from '../terminal/style.js'
import { DetailedError, exitStatusOf } from './errors.js'
import { rootedText } from './for-root.js'
import type { Outputs } from './io.js'
import type { OutputMode } from './output-mode.js'

/** Something the person should know besides; it goes to standard error. */
export type Note = {
  readonly kind: 'note' | 'warning'
  readonly message: string
  readonly hint?: string
}

/** What a command came to. */
export type CommandResult = {
  readonly json: unknown
  /** The same for people; whole lines. */
  readonly text: (style: Style) => string
  readonly notes?: readonly Note[]
  /** Default 0. */
  readonly exitStatus?: number
}

const printNote = (
  { kind, message, hint }: Note,
  io: Outputs,
  { colour, root }: OutputMode,
): void => {
  const style = styleFor(io.stderr, colour)
  const label = kind === 'warning' ? style.yellow('warning: ') : ''
  io.stderr.write(`spec-kitty: ${label}${printableLine(rootedText(message, root))}\n`)
  if (hint) io.stderr.write(`  ${printableLine(rootedText(hint, root))}\n`)
}

const withRootInWords = (value: unknown, root: string): unknown => {
  if (Array.isArray(value)) return value.map((each) => withRootInWords(each, root))
  return typeof value === 'string' ? rootedText(value, root) : value
}

const WORDS = new Set(['message', 'hint', 'notes'])

/** The same document, with commands that act on the root that was named in the words about its commit. */
const withCommitFor = (json: unknown, root: string | undefined): unknown => {
  if (root === undefined || typeof json !== 'object' || json === null) return json
  if (!('commit' in json) || typeof json.commit !== 'object' || json.commit === null) return json
  const told = Object.entries(json.commit).map(([name, value]) => [
    name,
    WORDS.has(name) ? withRootInWords(value, root) : value,
  ])
  return { ...json, commit: Object.fromEntries(told) }
}

/** Prints what a command came to, and gives the exit status. */
export const printResult = (report: CommandResult, io: Outputs, outputMode: OutputMode): number => {
  for (const note of report.notes ?? []) printNote(note, io, outputMode)
  io.stdout.write(
    outputMode.json
      ? toJson(withCommitFor(report.json, outputMode.root), io.stdout.isTTY)
      : report.text(styleFor(io.stdout, outputMode.colour)),
  )
  return report.exitStatus ?? 0
}

const stackOf = (error: KittyError): string => {
  const own = error.stack ?? ''
  return error.cause instanceof Error ? `${own}\nCaused by ${error.cause.stack ?? ''}` : own
}

const printForPeople = (error: KittyError, io: Outputs, { colour, root }: OutputMode): void => {
  const style = styleFor(io.stderr, colour)
  io.stderr.write(`spec-kitty: ${style.red(printableLine(error.message))}\n`)
  if (error.hint !== '') io.stderr.write(`  ${printableLine(rootedText(error.hint, root))}\n`)
  if (error instanceof DetailedError) io.stderr.write(error.details().text(style))
}

/** What an error tells programs besides its words. */
const extraFields = (error: KittyError): object => ({
  ...('commit' in error && { commit: error.commit }),
  ...(error instanceof DetailedError && error.details().json),
})

/** Prints an error, and gives the exit status. */
export const printError = (error: KittyError, io: Outputs, outputMode: OutputMode): number => {
  const hint = rootedText(error.hint, outputMode.root)
  const json = { error: { ...error.toJSON(), hint }, ...extraFields(error) }
  if (outputMode.json)
    io.stdout.write(toJson(withCommitFor(json, outputMode.root), io.stdout.isTTY))
  else printForPeople(error, io, outputMode)
  if (outputMode.debug) io.stderr.write(`${stackOf(error)}\n`)
  return exitStatusOf(error)
}
