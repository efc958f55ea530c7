import type { OpSummary } from '@kitty/writer'
import { OP_COLUMNS, type OpColumn } from '../op-columns.js'
import { printableLine } from './printable.js'

const quoted = (value: string): string =>
  /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value

const line = (values: readonly (string | number | undefined)[]): string =>
  `${values.map((value) => quoted(printableLine(String(value ?? '')))).join(',')}\r\n`

/** Ops as comma-separated values (RFC 4180), the keys of the JSON in the first line. */
export const opCsv = (ops: readonly OpSummary[], columns: readonly OpColumn[]): string => {
  const keys = columns.map((column) => OP_COLUMNS[column])
  return line(keys) + ops.map((op) => line(keys.map((key) => op[key]))).join('')
}
