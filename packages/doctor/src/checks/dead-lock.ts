import { unlinkSync } from 'node:fs'
import { basename } from 'node:path'
import { ignoreErrno, inspectLock, tryLock } from '@kitty/writer'
import type { Check, CheckContext, Finding, Fix, FixOutcome } from '../check/check.js'
import { formatAge } from '../check/wording.js'
import { type FoundLock, locksOf } from '../facts/locks.js'

/** How long nobody's lock may be somebody's after all, in milliseconds. */
const DOUBT_MS = 10 * 60_000

const HOUR_MS = 3_600_000

const isOld = ({ since }: { readonly since: number }, { now }: CheckContext): boolean =>
  now - since >= DOUBT_MS

const ofDead = ({ place }: FoundLock): Finding => ({
  id: deadLock.id,
  severity: 'info',
  path: basename(place.path),
  message: `${place.path} was left by a process of ours that has ended. The next commit of an Op clears it. To do so now: spec-kitty doctor ops --fix`,
  fixable: true,
})

const ofForeign = ({ place, kind, since }: FoundLock, context: CheckContext): Finding => {
  const age = formatAge((context.now - since) / HOUR_MS)
  const base = { id: deadLock.id, severity: 'warning', path: basename(place.path) } as const
  if (kind === 'commit') {
    const message = `${place.path} is ${age} old and belongs to nobody, and no Op is committed while it is there. To remove it: spec-kitty doctor ops --fix`
    return { ...base, message, fixable: true }
  }
  const message = `${place.path} is ${age} old: a git that was killed left it, or one is still at work. While it is there, nothing is committed. If no git is at work here, delete it`
  return { ...base, message, fixable: false }
}

const findingOf = (lock: FoundLock, context: CheckContext): readonly Finding[] => {
  if (lock.holder === 'dead') return [ofDead(lock)]
  return lock.holder === 'foreign' && isOld(lock, context) ? [ofForeign(lock, context)] : []
}

/** Whoever takes a dead one's lock clears it. One of nobody's is looked at once more, and removed. */
const clear = ({ place, kind }: FoundLock, context: CheckContext): boolean => {
  const look = inspectLock(place)
  const isNobodys = look?.holder === 'foreign' && kind === 'commit' && isOld(look, context)
  if (isNobodys) ignoreErrno('ENOENT', () => unlinkSync(place.path))
  const lock = tryLock(place)
  if (typeof lock === 'string') return false
  lock.release()
  return true
}

const clearLock: Fix = {
  plan: ({ path }) => `Would remove the lock ${path}.`,
  apply: async ({ path }, context): Promise<FixOutcome> => {
    const lock = (await locksOf(context)).find(({ place }) => basename(place.path) === path)
    const done = lock === undefined || clear(lock, context)
    return { done, message: done ? `Removed the lock ${path}.` : `${path} is in use by now.` }
  },
}

/** Locks whose owner is gone. One that could be another program's is never touched. */
export const deadLock: Check = {
  id: 'dead-lock',
  run: async (context) => (await locksOf(context)).flatMap((lock) => findingOf(lock, context)),
  fix: clearLock,
}
