import measure from 'fast-string-truncated-width'
import { printableLine } from './printable.js'

/** How many columns of a terminal a text takes; a wide character takes two. */
export const widthOf = (text: string): number => measure(text).width

/** A text, cut off to so many columns; `mark` stands for what was left out. */
const cutTo = (text: string, width: number, mark = '…'): string => {
  const { index, truncated, ellipsed } = measure(text, { limit: width, ellipsis: mark })
  return truncated ? text.slice(0, index) + (ellipsed ? mark : '') : text
}

/** A text, filled up with spaces to so many columns. */
const padTo = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - widthOf(text)))

/** Text from anywhere, and how it is to be set off. */
export type Cell = {
  readonly text: string
  readonly paint?: (text: string) => string
  /** What stands for the rest where the text is cut off. Default an ellipsis. */
  readonly mark?: string
}

/** How narrow a column may get where there is too little room; the first that is named gives first. */
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
  give: ShrinkOrder,
): readonly number[] => {
  const narrow = [...widths]
  for (const [column, atLeast] of give) {
    const tooMuch = Math.max(0, sum(narrow) - room)
    const width = narrow[column] ?? 0
    narrow[column] = Math.min(width, Math.max(atLeast, width - tooMuch))
  }
  return narrow
}

/**
 * Rows with aligned columns, each line ended; nothing in a cell reaches the terminal but text. With
 * `room`, in columns of the terminal, it gets as narrow as `give` allows.
 */
export const table = (
  rows: readonly (readonly Cell[])[],
  room = Number.POSITIVE_INFINITY,
  give: ShrinkOrder = [],
): string => {
  const safe = rows.map((row) => row.map((cell) => ({ ...cell, text: printableLine(cell.text) })))
  const widths = narrowed(widthsOf(safe), room, give)
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

/** Names and what they stand for, one a line, indented. */
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
