import type { Check, Examination, Finding } from '../check.js'
import { marksOf } from '../facts/marks.js'
import { isStale, type OpenOp, openOps } from '../facts/open-ops.js'
import { nameOf, plain, spanOf } from '../words.js'

const closing = (id: string, outcome: string): string =>
  `spec-kitty ops complete ${id} --outcome ${outcome}`

const since = ({ ageHours, started_at }: OpenOp): string =>
  ageHours === undefined
    ? `is open; its start time cannot be read ("${plain(started_at)}"), so it counts as forgotten.`
    : `has been open for ${spanOf(ageHours)}.`

const onDisk = ({ path }: OpenOp): readonly string[] =>
  path === undefined
    ? ['Its record is gone from disk (git stash -u, git clean); closing it writes it anew.']
    : []

const opener = ({ opener }: OpenOp): readonly string[] => {
  if (opener?.liveness === 'alive')
    return [`The process that opened it, ${opener.pid}, still runs.`]
  return opener?.liveness === 'dead' ? ['The process that opened it has ended.'] : []
}

const advice = (op: OpenOp, at: Examination): string => {
  if (isStale(op, at)) return 'If it was forgotten: spec-kitty doctor ops --close-stale'
  if (op.opener?.liveness === 'dead') return `Close it: ${closing(op.id, 'failed|abandoned')}`
  return `When its work is done: ${closing(op.id, 'done|failed|abandoned')}`
}

const findingOf = (op: OpenOp, at: Examination): Finding => ({
  id: openOp.id,
  severity: 'warning',
  invocation_id: op.id,
  ...(op.path !== undefined && { path: op.path }),
  message: [`${nameOf(op)} ${since(op)}`, ...onDisk(op), ...opener(op), advice(op, at)].join(' '),
  fixable: false,
})

/** Ops that were started and not closed. */
export const openOp: Check = {
  id: 'open-op',
  examine: async (at) => {
    const [ops, marks] = await Promise.all([openOps(at), marksOf(at)])
    // With a mark, the Op is being closed right now, or its close was cut off: see `uncommitted`.
    return ops.filter(({ id }) => !marks.has(id)).map((op) => findingOf(op, at))
  },
}
