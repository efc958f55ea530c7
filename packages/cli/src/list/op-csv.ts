import type { ListedOp } from '../command/listed-op.js'
import { printableLine } from '../terminal/printable.js'
import { workTreeText } from '../terminal/work-tree.js'
import { OP_COLUMNS, type OpColumn } from './columns.js'

/** A spreadsheet runs a value that begins with one of these characters as a formula. A quote makes it text. */
const asText = (value: string): string => (/^[=+\-@]/.test(value) ? `'${value}` : value)

const quoted = (value: string): string =>
  /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value

const cell = (value: string | number | undefined): string =>
  quoted(asText(printableLine(String(value ?? ''))))

const line = (values: readonly (string | number | undefined)[]): string =>
  `${values.map(cell).join(',')}\r\n`

const fieldOf = (op: ListedOp, key: (typeof OP_COLUMNS)[OpColumn]) => {
  if (key === 'work_tree') return op.work_tree && workTreeText(op.work_tree)
  if (key === 'in') return op.in?.join(' ')
  if (key === 'input_tokens' || key === 'output_tokens' || key === 'cost_usd')
    return op.usage?.[key]
  return key === 'conflict' ? op.conflict && 'true' : op[key]
}

/** Ops as comma-separated values (RFC 4180), with the JSON keys on the first line. */
export const opCsv = (ops: readonly ListedOp[], columns: readonly OpColumn[]): string => {
  const keys = columns.map((column) => OP_COLUMNS[column])
  return line(keys) + ops.map((op) => line(keys.map((key) => fieldOf(op, key)))).join('')
}
