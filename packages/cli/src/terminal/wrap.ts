import { widthOf } from './table.js'

/** The width if no terminal reports one. */
const DEFAULT_WIDTH = 80

/** In fewer columns, text would be a word a line. */
const LEAST_WIDTH = 20

/** Returns the width at which text for people is wrapped. */
export const wrapWidth = ({
  isTTY,
  columns,
}: {
  readonly isTTY: boolean
  readonly columns?: number | undefined
}): number => (isTTY && columns ? Math.max(columns, LEAST_WIDTH) : DEFAULT_WIDTH)

/** Breaks text between words into lines of at most `width` columns. A longer word gets a line of its own. */
export const wrap = (text: string, width: number): readonly string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && widthOf(longer) > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line]
}
