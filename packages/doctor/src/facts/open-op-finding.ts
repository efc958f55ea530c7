import { defineFact, type Finding, type Severity } from '../check/check.js'
import type { NextStep } from '../check/next-step.js'
import { formatAge, nameOf, singleLine } from '../check/wording.js'
import { intentsOf } from './intents.js'
import { allOpenOps, type OpenOp } from './open-ops.js'

const since = ({ ageHours, startedAt }: OpenOp): string =>
  ageHours === undefined
    ? `is open; its start time cannot be read ("${singleLine(startedAt)}"), so it counts as stale.`
    : `has been open for ${formatAge(ageHours)}.`

const onDisk = ({ path }: OpenOp): readonly string[] =>
  path === undefined ? ['Its record is gone from disk; closing it writes the record again.'] : []

const opener = ({ opener, runs }: OpenOp): readonly string[] => {
  if (runs && opener?.liveness !== 'alive')
    return ['The process that opened it has ended, but its command is still running.']
  if (opener?.liveness === 'alive')
    return [`The process that opened it, ${opener.pid}, is still running.`]
  return opener?.liveness === 'dead' ? ['The process that opened it has ended.'] : []
}

const session = ({ left }: OpenOp): readonly string[] => {
  if (left === undefined) return []
  const why = left.reason === undefined ? '' : ` (${singleLine(left.reason)})`
  return [`The session that opened it ended${why} without closing it.`]
}

/** Makes the finding for an open Op: how old it is, whether its opener is running, and what to do next. */
export const openOpFinding = (
  { id, severity }: { readonly id: string; readonly severity: Severity },
  op: OpenOp,
  next: NextStep,
): Finding => ({
  id,
  severity,
  invocation_id: op.id,
  ...(op.path !== undefined && { path: op.path }),
  message: [`${nameOf(op)} ${since(op)}`, ...onDisk(op), ...opener(op), ...session(op)].join(' '),
  fixable: false,
  next: [next],
})

/** The open Ops without an intent. With one, an Op is being closed or its close was cut off: see `uncommitted`. */
export const abandonedOps = defineFact({
  needs: { open: allOpenOps },
  value: async (_, { open }, context) => {
    const [ops, intents] = await Promise.all([open(), intentsOf(context)])
    return ops.filter(({ id }) => !intents.has(id))
  },
})
