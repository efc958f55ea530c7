import type { Usage } from '@kitty/record'
import { definedFields } from '../command/defined.js'
import type { ListedOp } from '../command/listed-op.js'
import { helpCommand, ownCommand, type Program } from '../command/program.js'
import { printableLine } from '../terminal/printable.js'
import type { Style } from '../terminal/style.js'
import { type ShrinkOrder, table } from '../terminal/table.js'
import { usageText } from '../terminal/usage.js'
import type { OpColumn } from './columns.js'
import { opCell } from './op-cells.js'

/** The text for an empty list. */
export const nothingListed = (isFiltered: boolean, program: Program, elsewhere = 0): string => {
  const list = (flags?: string): string =>
    printableLine(ownCommand(program, 'ops list', definedFields({ flags })))
  if (isFiltered) return `No Op matches these filters. List all: ${list()}\n`
  if (elsewhere === 0) return `No Ops here. See how to open one: ${helpCommand(program, 'do')}\n`
  const ops = elsewhere === 1 ? '1 Op is' : `${elsewhere} Ops are`
  return `No Ops here. ${ops} elsewhere in the repository: ${list('--all')}\n`
}

/** The Ops to list, and how. */
type OpList = {
  readonly ops: readonly ListedOp[]
  /** The note that there are more; `undefined` if there are none. */
  readonly more?: string
  /** The sum of what they used; `undefined` if nothing was reported. */
  readonly usage?: Usage
  readonly now: Date
  /** Default: those that fit the width. */
  readonly columns?: readonly OpColumn[]
  /** The width of the terminal; `undefined` if there is none. */
  readonly width?: number | undefined
  /** The lengths of the unique prefixes of the ids. Without them, ids are not cut. */
  readonly prefixes?: ReadonlyMap<string, number>
  /** Whether other Ops could have been left out. */
  readonly isFiltered: boolean
  /** How many Ops are elsewhere in the repository, if that was counted. */
  readonly elsewhere?: number
  readonly program: Program
}

const USUAL: readonly OpColumn[] = [
  'id',
  'outcome',
  'opened',
  'took',
  'profile',
  'action',
  'actor',
  'wp',
  'tree',
  'in',
  'writer',
  'request',
]

/** The columns to drop if the terminal is narrower than this, with full ids. */
const NARROW: readonly (readonly [below: number, columns: readonly OpColumn[]])[] = [
  [110, ['actor', 'writer']],
  [90, ['action', 'took']],
  [64, ['profile', 'wp']],
]

const WHOLE_ID = 26

/** The minimum length of a short id. Shorter ones are hard to recognize. */
const SHORTEST_ID = 10

/** The length to which ids can be cut. */
const idLengthOf = ({ prefixes }: OpList): number =>
  prefixes === undefined
    ? WHOLE_ID
    : [...prefixes.values()].reduce((most, length) => Math.max(most, length), SHORTEST_ID)

const chosen = (list: OpList): OpColumn[] => {
  const { ops, columns, width = Number.POSITIVE_INFINITY } = list
  if (columns !== undefined) return [...columns]
  // Ids are shortened before columns are dropped.
  const room = width + WHOLE_ID - idLengthOf(list)
  const without = NARROW.flatMap(([below, names]) => (room < below ? names : []))
  const idle = [
    ...(ops.some((op) => op.wp_id !== undefined) ? [] : ['wp']),
    ...(ops.some((op) => op.work_tree !== undefined) ? [] : ['tree']),
    ...(ops.some((op) => op.in !== undefined) ? [] : ['in']),
    // One writer is this clone, or the only one there is.
    ...(new Set(ops.flatMap(({ writer = [] }) => writer)).size > 1 ? [] : ['writer']),
  ]
  return USUAL.filter((column) => ![...without, ...idle].includes(column))
}

const shrinkOrderOf = (columns: readonly OpColumn[], idLength: number): ShrinkOrder => {
  const order: readonly (readonly [OpColumn, number])[] = [
    ['id', idLength],
    ['request', 24],
    ['path', 12],
    ['tree', 10],
    ['writer', 10],
    ['profile', 8],
    ['action', 6],
    ['mission', 10],
    ['actor', 6],
    ['request', 7],
  ]
  return order
    .map(([name, atLeast]) => [columns.indexOf(name), atLeast] as const)
    .filter(([column]) => column >= 0)
}

/** What the Ops used, and how many of them reported it. */
const usedText = ({ usage, ops }: OpList): string | undefined => {
  const text = usage && usageText(usage)
  const reported = ops.filter((op) => op.usage !== undefined).length
  return text && `Used: ${text} (reported by ${reported} of ${ops.length})`
}

/** A list of Ops as a table. */
export const opListText = (list: OpList, style: Style): string => {
  const { ops, more, now, width, prefixes, isFiltered, elsewhere } = list
  if (ops.length === 0) return nothingListed(isFiltered, list.program, elsewhere)
  const columns = chosen(list)
  const headings = columns.map((name) => ({ text: name.toUpperCase(), paint: style.dim, mark: '' }))
  const view = { now, style, ...definedFields({ prefixes }) }
  const cells = ops.map((op) => columns.map((column) => opCell(column, op, view)))
  const rows = table([headings, ...cells], width, shrinkOrderOf(columns, idLengthOf(list)))
  const sum = usedText(list)
  const lines = [sum, more].filter((line) => line !== undefined && line !== '')
  return rows + lines.map((line) => `${style.dim(line ?? '')}\n`).join('')
}
