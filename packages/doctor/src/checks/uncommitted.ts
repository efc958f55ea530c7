import type { OpId } from '@kitty/record'
import { shellWord } from '@kitty/writer'
import type { Check, CheckContext, Finding } from '../check/check.js'
import { reasonOf } from '../check/wording.js'
import { type Pending, pendingOps } from '../facts/pending-ops.js'
import { commitAgain } from '../fixes/commit-again.js'

const FIX = 'spec-kitty doctor ops --fix'

const MEANING: Readonly<Record<Pending['state'], (op: Pending) => string>> = {
  closed: ({ path, reason }) =>
    `${path} is closed, but not in git yet. ${reason ? `The last try said: ${reasonOf(reason)} ` : ''}To commit it: ${FIX}`,
  archived: ({ path }) =>
    `${path} is closed and archived, but nowhere in git. To commit it: git add -- ${shellWord(path)}, then git commit`,
  changed: ({ path }) =>
    `${path} is closed, but not in git, and what is on disk is not what was closed. Move it away; then this brings back what was closed: ${FIX}`,
  'cut-off': ({ path }) =>
    `Something cut off the close of ${path}; all of it is kept. To finish the close: ${FIX}`,
  gone: ({ path }) =>
    `${path} is closed, not in git yet, and gone from disk; all of it is kept. To have it back: ${FIX}`,
}

const FIXABLE: ReadonlySet<Pending['state']> = new Set(['closed', 'cut-off', 'gone'])

const single = (op: Pending): Finding => ({
  id: uncommitted.id,
  severity: 'warning',
  invocation_id: op.id,
  path: op.path,
  message: MEANING[op.state](op),
  fixable: FIXABLE.has(op.state),
})

/** What two Ops share that wait for the same: the kind of result, not its words, which name a path. */
const reasonKey = ({ state, reason }: Pending): string | undefined => {
  if (state !== 'closed' || reason === undefined) return undefined
  return reason.status === 'deferred' ? reason.reason : reason.code
}

const groupsOf = (pending: readonly Pending[]): readonly (readonly Pending[])[] => {
  const groups = new Map<string, Pending[]>()
  for (const op of pending) {
    const key = reasonKey(op) ?? op.id
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [op])
    else group.push(op)
  }
  return [...groups.values()]
}

const idsOf = (group: readonly Pending[]): readonly OpId[] => group.map(({ id }) => id)

/** Many Ops that wait for the same thing are one finding, with their count. */
const together = (group: readonly Pending[]): readonly Finding[] => {
  const reason = group[0]?.reason
  if (group.length === 1 || reason === undefined) return group.map(single)
  const message = `${group.length} Ops are closed, but not in git yet. The last try said of one: ${reasonOf(reason)} To commit them: ${FIX}`
  return [
    {
      id: uncommitted.id,
      severity: 'warning',
      invocation_ids: idsOf(group),
      message,
      fixable: true,
    },
  ]
}

/** Whoever turned committing off wants it so; that is worth a line and no more. */
const turnedOff = (group: readonly Pending[]): readonly Finding[] => {
  if (group.length === 0) return []
  const message = `Committing is turned off, so that closed Ops stay out of git: ${group.length}. There is nothing to do.`
  return [
    { id: uncommitted.id, severity: 'info', invocation_ids: idsOf(group), message, fixable: false },
  ]
}

const isWhole = ({ state }: Pending): boolean => state === 'closed' || state === 'archived'

const run = async (context: CheckContext): Promise<readonly Finding[]> => {
  const pending = await pendingOps(context)
  if (context.ops.strategyName !== 'none') return groupsOf(pending).flatMap(together)
  const broken = pending.filter((op) => !isWhole(op))
  return [...broken.map(single), ...turnedOff(pending.filter(isWhole))]
}

/** Ops that are closed and not in HEAD. Outside git that is normal, and no finding. */
export const uncommitted: Check = { id: 'uncommitted', run, fix: commitAgain }
