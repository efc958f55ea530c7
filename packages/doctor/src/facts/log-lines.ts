import { readRegular, toAbsolute } from '@kitty/writer/internals'
import type { CheckContext } from '../check/check.js'

/** A line of a log in `kitty-ops/` that is not empty, and its number, counted from 1. */
export type LogLine = { readonly number: number; readonly text: string }

/** Reads the lines of a log. Returns none if there is no log. */
export const linesOf = async ({ ops }: CheckContext, path: string): Promise<readonly LogLine[]> => {
  const text = (await readRegular(toAbsolute(ops.root, path)))?.toString() ?? ''
  const lines = text.split('\n').map((line, at) => ({ number: at + 1, text: line.trim() }))
  return lines.filter((line) => line.text !== '')
}

const SHOWN = 5

/** Formats line numbers for people: `lines 3, 4 and 12 more`. */
export const numbersOf = (lines: readonly LogLine[]): string => {
  const shown = lines.slice(0, SHOWN).map(({ number }) => number)
  const more = lines.length > SHOWN ? ` and ${lines.length - SHOWN} more` : ''
  return `${lines.length === 1 ? 'line' : 'lines'} ${shown.join(', ')}${more}`
}
