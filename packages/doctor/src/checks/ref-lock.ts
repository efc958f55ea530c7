import { unlinkSync } from 'node:fs'
import { ignoreErrno } from '@kitty/writer/internals'
import type { Check, Finding, Fix, FixOutcome } from '../check/check.js'
import {
  isLeftByDeadOwner,
  isOldRefLock,
  oldRefLocks,
  type RefLock,
  readRefLock,
} from '../facts/locks.js'

/** Whether it is a lock on the ledger's ref. */
const isOnLedger = (path: string): boolean => /[\\/]refs[\\/]kitty[\\/]/.test(path)

const findingOf = ({ path, isOwn }: RefLock & { readonly isOwn: boolean }): Finding => {
  const who = isOwn
    ? 'The process of this software that started it has ended, too.'
    : 'If no git process is running here, delete it.'
  return {
    id: refLock.id,
    severity: 'warning',
    path,
    message: `A killed git process left this lock; while it exists, nothing can be committed ${isOnLedger(path) ? 'to the ledger' : 'on this branch'}. ${who}`,
    fixable: isOwn,
    next: isOwn ? [{ verb: 'fix' }] : [],
  }
}

const removeLock: Fix = {
  plan: ({ path }) => `Would remove the lock ${path}.`,
  apply: async ({ path = '' }, context): Promise<FixOutcome> => {
    const lock = readRefLock(path)
    if (lock === undefined) return { done: true, message: `${path} is gone.` }
    if (!isOldRefLock(lock, context) || !(await isLeftByDeadOwner(lock, context))) {
      return { done: false, message: `Another git process holds ${path} now.` }
    }
    ignoreErrno('ENOENT', () => unlinkSync(path))
    return { done: true, message: `Removed the lock ${path}.` }
  },
}

/** Locks on HEAD, on its branch and on the ledger that are too old to be in use. */
export const refLock: Check = {
  id: 'ref-lock',
  run: async (context) => (await oldRefLocks(context)).map(findingOf),
  fix: removeLock,
}
