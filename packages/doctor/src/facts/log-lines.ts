import { readRegular, toAbsolute } from '@kitty/writer'
import type { CheckContext } from '../check/check.js'

/** A line of a log in `kitty-ops/` that says something, and its number, counted from 1. */
export type LogLine = { readonly number: number; readonly text: string }

/** The lines of a log; none where there is no log. */
export const linesOf = async ({ ops }: CheckContext, path: string): Promise<readonly LogLine[]> => {
  const text = (await readRegular(toAbsolute(ops.root, path)))?.toString() ?? ''
  const lines = text.split('\n').map((line, at) => ({ number: at + 1, text: line.trim() }))
  return lines.filter((line) => line.text !== '')
}

const SHOWN = 5

/** The numbers of lines as people read them: `lines 3, 4 and 12 more`. */
export const numbersOf = (lines: readonly LogLine[]): string => {
  const shown = lines.slice(0, SHOWN).map(({ number }) => number)
  const more = lines.length > SHOWN ? ` and ${lines.length - SHOWN} more` : ''
  return `${lines.length === 1 ? 'line' : 'lines'} ${shown.join(', ')}${more}`
}
