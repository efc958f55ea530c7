import measure from 'fast-string-truncated-width'
import { printableLine } from './printable.js'

/** The width of a text in columns of the terminal. A wide character takes two. */
export const widthOf = (text: string): number => measure(text).width

/** Cuts a text to a width. `mark` replaces what was cut off. */
const cutTo = (text: string, width: number, mark = '…'): string => {
  const { index, truncated, ellipsed } = measure(text, { limit: width, ellipsis: mark })
  return truncated ? text.slice(0, index) + (ellipsed ? mark : '') : text
}

/** Pads a text with spaces to a width. */
const padTo = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - widthOf(text)))

/** Text, which can contain anything, and its style. */
export type Cell = {
  readonly text: string
  readonly paint?: (text: string) => string
  /** Replaces what is cut off. Default: an ellipsis. */
  readonly mark?: string
}

/** The columns to shrink if the table is too wide, in order, and their minimum widths. */
export type ShrinkOrder = readonly (readonly [column: number, atLeast: number])[]

const GAP = '  '

const painted = (cell: Cell, width: number, last: boolean): string => {
  const cut = cutTo(cell.text, width, cell.mark)
  const padded = last ? cut : padTo(cut, width)
  return cell.paint === undefined ? padded : cell.paint(padded)
}

const widthsOf = (rows: readonly (readonly Cell[])[]): number[] => {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, { text }] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, widthOf(text))
    }
  }
  return widths
}

const sum = (widths: readonly number[]): number =>
  widths.reduce((total, width) => total + width, GAP.length * (widths.length - 1))

const narrowed = (
  widths: readonly number[],
  room: number,
  order: ShrinkOrder,
): readonly number[] => {
  const narrow = [...widths]
  for (const [column, atLeast] of order) {
    const tooMuch = Math.max(0, sum(narrow) - room)
    const width = narrow[column] ?? 0
    narrow[column] = Math.min(width, Math.max(atLeast, width - tooMuch))
  }
  return narrow
}

/**
 * Aligns rows to a table. Control characters in cells are escaped. If the table is wider than `room`, in columns of the
 * terminal, its columns shrink as `order` allows.
 */
export const table = (
  rows: readonly (readonly Cell[])[],
  room = Number.POSITIVE_INFINITY,
  order: ShrinkOrder = [],
): string => {
  const safe = rows.map((row) => row.map((cell) => ({ ...cell, text: printableLine(cell.text) })))
  const widths = narrowed(widthsOf(safe), room, order)
  return safe
    .map((row) => {
      const last = row.length - 1
      return row
        .map((cell, column) => painted(cell, widths[column] ?? 0, column === last))
        .join(GAP)
    })
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
}

/** Names and values, one pair on each line, indented. */
export const pairs = (
  entries: readonly (readonly [name: string, value: string | undefined])[],
  paintName?: (text: string) => string,
): string => {
  const rows = entries.flatMap(([name, value]) =>
    value === undefined
      ? []
      : [[{ text: `  ${name}`, ...(paintName && { paint: paintName }) }, { text: value }]],
  )
  return table(rows)
}
