import { printableLine } from '../terminal/printable.js'
import type { Style } from '../terminal/style.js'

const UNITS = ['bytes', 'kB', 'MB', 'GB']

const sizeText = (bytes: number, unit = 0): string =>
  bytes < 1000 || unit === UNITS.length - 1
    ? `${unit === 0 ? bytes : bytes.toFixed(1)} ${UNITS[unit]}`
    : sizeText(bytes / 1000, unit + 1)

/** Where a page is, and what is in it. */
export const writtenText = (
  { path, count, bytes }: { path: string; count: number; bytes: number },
  style: Style,
): string => `\
${style.bold('Report')}  ${printableLine(path)}
${style.bold('Holds')}   ${count} ${count === 1 ? 'Op' : 'Ops'}, ${sizeText(bytes)}; open it in a browser
`
