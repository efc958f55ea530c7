import { join } from 'node:path/posix'
import { printableLine } from './printable.js'
import type { Style } from './style.js'
import { widthOf } from './table.js'
import { wrap } from './wrap.js'

/** A finding of a check, as text for people shows it. */
export type FindingLines = {
  readonly label: string
  readonly paint: (text: string) => string
  readonly id: string
  readonly message: string
  readonly path?: string
  /** The project root that the path is relative to, if it is another one. */
  readonly root?: string
  readonly commands: readonly string[]
}

const NEXT = 'Next: '

/** Paints the id of the check, which ends the last line. */
const withDimId = (line: string, id: string, style: Style): string =>
  line.endsWith(id) ? line.slice(0, -id.length) + style.dim(id) : line

/**
 * Formats a finding: its message after the label, wrapped at `width` columns; its path; its commands. Paths and
 * commands are never wrapped. Labels take `labelWidth` columns.
 */
export const findingText = (
  { label, paint, id, message, path, root = '', commands }: FindingLines,
  { labelWidth, width, style }: { labelWidth: number; width: number; style: Style },
): string => {
  const indent = ' '.repeat(labelWidth + 2)
  const check = `[${id}]`
  const lines = wrap(printableLine(`${message} ${check}`), width - indent.length)
  const first = paint(label) + ' '.repeat(labelWidth - widthOf(label) + 2)
  return [
    ...lines.map((line, number) => {
      const text = number === lines.length - 1 ? withDimId(line, check, style) : line
      return `${number === 0 ? first : indent}${text}`
    }),
    ...(path === undefined ? [] : [`${indent}${printableLine(join(root, path))}`]),
    ...commands.map(
      (command, number) =>
        `${indent}${number === 0 ? NEXT : ' '.repeat(NEXT.length)}${printableLine(command)}`,
    ),
  ]
    .map((line) => `${line}\n`)
    .join('')
}
