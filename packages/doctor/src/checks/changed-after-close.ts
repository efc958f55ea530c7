import { type Check, defineCheck, type Finding } from '../check/check.js'
import type { NextStep } from '../check/next-step.js'
import { type DiffersFromHead, differsFromHead } from '../facts/differs-from-head.js'
import { type UnclosedInHead, unclosedInHead } from '../facts/unclosed-on-disk.js'
import { restoreRecordsFix } from '../fixes/restore-records.js'

const compareOrRestore = (path: string, inHead: string): readonly NextStep[] => [
  { verb: 'git-diff', path },
  { verb: 'git-checkout', path: inHead },
]

const ofClosed = ({ id, path, inHead }: DiffersFromHead): readonly Finding[] => {
  const base = { id: changedAfterClose.id, invocation_id: id, path, fixable: false }
  if (inHead?.status === 'unknown') {
    const message = 'The record differs from HEAD, whose version is not in this clone.'
    return [{ ...base, severity: 'warning', message, next: [{ verb: 'git-diff', path }] }]
  }
  if (inHead?.status !== 'closed') return []
  const message =
    'The record was committed as closed and has changed since; a closed record must not change.'
  return [{ ...base, severity: 'error', message, next: compareOrRestore(path, inHead.path) }]
}

const ofUnclosed = ({ id, path, inHead, isBeginning }: UnclosedInHead): readonly Finding[] => {
  if (inHead.status !== 'closed') return []
  const how = isBeginning ? 'only its end is missing' : 'it is an older state or was cut off'
  return [
    {
      id: changedAfterClose.id,
      severity: 'error',
      invocation_id: id,
      path,
      message: `The record was committed as closed, but on disk it is not closed; ${how}.`,
      fixable: isBeginning,
      next: isBeginning ? [{ verb: 'fix' }] : compareOrRestore(path, inHead.path),
    },
  ]
}

/** Records that differ from their closed version in HEAD. If only the end is missing, the fix adds it. */
export const changedAfterClose: Check = defineCheck({
  id: 'changed-after-close',
  needs: { differing: differsFromHead, notClosed: unclosedInHead },
  run: async (_, { differing, notClosed }) => {
    const [closed, unclosed] = await Promise.all([differing(), notClosed()])
    return [...closed.flatMap(ofClosed), ...unclosed.flatMap(ofUnclosed)]
  },
  fix: restoreRecordsFix,
})
