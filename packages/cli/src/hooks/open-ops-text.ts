import { OUTCOME_TO_TYPE } from '../command/closing-words.js'
import { ownCommand, type Program } from '../command/program.js'
import type { OpenHereJson } from '../json/setup.js'
import { opCell } from '../list/op-cells.js'
import { printableLine } from '../terminal/printable.js'
import { PLAIN } from '../terminal/style.js'
import { table } from '../terminal/table.js'

const MOST = 10
const COLUMNS = ['id', 'opened', 'action', 'profile', 'actor', 'request'] as const

const stateOf = ({ own, left }: OpenHereJson): string =>
  [own ? 'yours' : '', left ? 'left by its session' : ''].filter((word) => word !== '').join(', ')

/** The text for an agent at the start of its session: the open Ops, and how to close each. */
export const openOpsText = (open: readonly OpenHereJson[], now: Date, program: Program): string => {
  const shown = open.slice(0, MOST)
  const rows = shown.map((op) => [
    ...COLUMNS.map((column) => opCell(column, op, { now, style: PLAIN })),
    { text: stateOf(op) },
  ])
  const count = open.length === 1 ? '1 spec-kitty Op is' : `${open.length} spec-kitty Ops are`
  const all = ownCommand(program, 'ops list', { flags: '--status open' })
  const close = ownCommand(program, 'ops complete', { operand: 'ID', flags: OUTCOME_TO_TYPE })
  const lines = [
    ...(open.length > MOST ? [`List all: ${all}`] : []),
    'Close your own Op when its work has ended, with its real outcome:',
    close,
    "Don't commit an open Op's record.",
  ]
  return `${count} open in this work tree:\n${table(rows)}${lines.map((line) => `${printableLine(line)}\n`).join('')}`
}
