import { unlinkSync } from 'node:fs'
import { basename } from 'node:path'
import { ignoreErrno, inspectLock, tryLock } from '@kitty/writer/internals'
import type { Check, CheckContext, Finding, Fix, FixOutcome } from '../check/check.js'
import { formatAge } from '../check/wording.js'
import { type FoundLock, isOldLock, locksOf } from '../facts/locks.js'

const HOUR_MS = 3_600_000

const WHILE = {
  commit: 'No Op is committed while it exists.',
  older: 'The state of an older version is not taken over while it exists.',
  exclude: 'No record is hidden from git while it exists.',
  ledger: 'No Op is added to the ledger while it exists.',
} as const

/** Some names repeat: these locks have their whole path. */
const pathOf = ({ place, kind }: FoundLock): string =>
  kind === 'ref' || kind === 'older' ? place.path : basename(place.path)

const ofDead = (lock: FoundLock): Finding => ({
  id: deadLock.id,
  severity: 'info',
  path: pathOf(lock),
  message: `The lock ${lock.place.path} is from a process of this software that has ended.${lock.kind === 'older' ? '' : ' The next Op removes it.'}`,
  fixable: true,
  next: [{ verb: 'fix' }],
})

const ofForeign = (lock: FoundLock, context: CheckContext): Finding => {
  const { place, kind, since } = lock
  const age = formatAge((context.now - since) / HOUR_MS)
  const base = { id: deadLock.id, severity: 'warning', path: pathOf(lock) } as const
  if (kind !== 'index' && kind !== 'ref') {
    const message = `The lock ${place.path} is ${age} old and has no owner. ${WHILE[kind]}`
    return { ...base, message, fixable: true, next: [{ verb: 'fix' }] }
  }
  const message = `The lock ${place.path} is ${age} old; nothing is committed while it exists. If no git process is running here, a killed one left it: delete it.`
  return { ...base, message, fixable: false, next: [] }
}

const findingOf = (lock: FoundLock, context: CheckContext): readonly Finding[] => {
  if (lock.holder === 'dead') return [ofDead(lock)]
  return lock.holder === 'foreign' && isOldLock(lock, context) ? [ofForeign(lock, context)] : []
}

/** Taking the lock of a dead process clears it. A lock without an owner is inspected again, then removed. */
const clear = ({ place, kind }: FoundLock, context: CheckContext): boolean => {
  const now = inspectLock(place)
  const hasNoOwner = now?.holder === 'foreign' && kind in WHILE && isOldLock(now, context)
  if (hasNoOwner) ignoreErrno('ENOENT', () => unlinkSync(place.path))
  const lock = tryLock(place)
  if (lock.kind !== 'held') return false
  lock.release()
  return true
}

const clearLock: Fix = {
  plan: ({ path }) => `Would remove the lock ${path}.`,
  apply: async ({ path }, context): Promise<FixOutcome> => {
    const lock = (await locksOf(context)).find((each) => pathOf(each) === path)
    const done = lock === undefined || clear(lock, context)
    return { done, message: done ? `Removed the lock ${path}.` : `${path} is in use now.` }
  },
}

/** Locks whose owner is gone. A lock that another program could hold is never removed. */
export const deadLock: Check = {
  id: 'dead-lock',
  run: async (context) => (await locksOf(context)).flatMap((lock) => findingOf(lock, context)),
  fix: clearLock,
}
