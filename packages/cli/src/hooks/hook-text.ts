import type { OpId } from '@kitty/record'
import type { OpSummary } from '@kitty/writer'
import { OUTCOME_TO_TYPE } from '../command/closing-words.js'
import { ownCommand, type Program } from '../command/program.js'
import { printableLine } from '../terminal/printable.js'

const MOST = 10

const lineOf = ({ invocation_id, action, request_excerpt = '' }: OpSummary): string =>
  `  ${invocation_id}  ${printableLine(`${action}  ${request_excerpt}`).trimEnd()}\n`

const closeCommand = (program: Program, id: string): string =>
  ownCommand(program, 'ops complete', {
    operand: id,
    flags: `--reason "WHY" ${OUTCOME_TO_TYPE}`,
  })

/** Why a turn is held: the Ops that are still open, and how to close them. */
export const holdText = (
  ops: readonly OpSummary[],
  whose: 'session' | 'sub-agent',
  program: Program,
): string => {
  const count = ops.length === 1 ? '1 spec-kitty Op' : `${ops.length} spec-kitty Ops`
  const more = ops.length > MOST ? `  and ${ops.length - MOST} more\n` : ''
  return `\
${count} of this ${whose} ${ops.length === 1 ? 'is' : 'are'} still open:
${ops.slice(0, MOST).map(lineOf).join('')}${more}\
If the work has ended, close each with its real outcome:
  ${printableLine(closeCommand(program, 'ID'))}
If it goes on, leave it open and stop again. You are asked only once.
`
}

/** Tells an agent which Op was opened for a request, or a sub-agent which one is its own. */
export const openedText = (
  what: 'This request' | 'Your work as a sub-agent',
  id: OpId,
  program: Program,
): string => `\
${what} is recorded as spec-kitty Op ${id}. Don't open another one for it. When it has ended, close it with its real outcome:
  ${printableLine(closeCommand(program, id))}
`

/** Tells a sub-agent its key. */
export const subagentText = (key: string, program: Program): string => `\
You are a sub-agent. Open a spec-kitty Op of your own, and close it by its own id:
  ${printableLine(ownCommand(program, 'do', { flags: `"REQUEST" --session ${key}` }))}
  ${printableLine(closeCommand(program, 'ID'))}
`
