import { printableLine } from './printable.js'

/** Text from anywhere, and how it is to be set off. */
export type Cell = {
  readonly text: string
  readonly paint?: (text: string) => string
}

const GAP = '  '

const painted = ({ text, paint }: Cell, width: number): string => {
  const padded = text.padEnd(width)
  return paint === undefined ? padded : paint(padded)
}

/** Rows with aligned columns, each line ended; nothing in a cell reaches the terminal but text. */
export const table = (rows: readonly (readonly Cell[])[]): string => {
  const safe = rows.map((row) => row.map((cell) => ({ ...cell, text: printableLine(cell.text) })))
  const widths: number[] = []
  for (const row of safe) {
    for (const [column, { text }] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, text.length)
    }
  }
  return safe
    .map((row) => {
      const last = row.length - 1
      return row
        .map((cell, column) => painted(cell, column === last ? 0 : (widths[column] ?? 0)))
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
