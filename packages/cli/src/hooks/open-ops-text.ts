import type { OpSummary } from '@kitty/writer'
import { OUTCOME_TO_TYPE } from '../command/closing-words.js'
import { rootedText } from '../command/for-root.js'
import { opCell } from '../list/op-cells.js'
import { PLAIN } from '../terminal/style.js'
import { table } from '../terminal/table.js'

const MOST = 10
const COLUMNS = ['id', 'opened', 'action', 'profile', 'actor', 'request'] as const

/** An open Op, as a session hears of it when it begins. */
export type OpenHere = OpSummary & {
  /** True if this very session opened it. */
  readonly own?: boolean
}

const stateOf = ({ own, left }: OpenHere): string =>
  [own ? 'yours' : '', left ? 'left by its session' : ''].filter((word) => word !== '').join(', ')

/**
 * What an agent that begins should know: the open Ops, and how each is closed; `root` is the one that was named,
 * if any.
 */
export const openOpsText = (
  open: readonly OpenHere[],
  now: Date,
  root: string | undefined,
): string => {
  const shown = open.slice(0, MOST)
  const rows = shown.map((op) => [
    ...COLUMNS.map((column) => opCell(column, op, now, PLAIN)),
    { text: stateOf(op) },
  ])
  const count = open.length === 1 ? '1 spec-kitty Op is' : `${open.length} spec-kitty Ops are`
  const more = open.length > MOST ? `All of them: spec-kitty ops list --status open\n` : ''
  const advice = `\
${more}Close an Op that is yours when its work has ended, with what became of it:
spec-kitty ops complete ID ${OUTCOME_TO_TYPE}
The record of an open Op belongs into no commit. Leave it out of yours: git add -A -- ":(top,exclude,glob)**/kitty-ops/**"
`
  return `${count} open in this work tree:\n${table(rows)}${rootedText(advice, root)}`
}
