import type { Check, Finding } from '../check.js'
import { type UnlikeHead, unlikeHead } from '../facts/unlike-head.js'

const CHANGED =
  'This Op was committed as closed, and its record was changed since. A closed record never changes.'

const UNKNOWN =
  'This record differs from the one in HEAD, which is not in this clone, so that it cannot be compared.'

const findingOf = ({ id, path, inHead }: UnlikeHead): readonly Finding[] => {
  const base = { id: changedAfterClose.id, invocation_id: id, path, fixable: false }
  if (inHead?.status === 'unknown') {
    const message = `${UNKNOWN} To get it and see the difference: git diff HEAD -- ${path}`
    return [{ ...base, severity: 'warning', message }]
  }
  if (inHead?.status !== 'closed') return []
  const advice = `See how: git diff HEAD -- ${path}. To have it back as it was: git checkout HEAD -- ${inHead.path}`
  return [{ ...base, severity: 'error', message: `${CHANGED} ${advice}` }]
}

/** Records that differ from their closed version in HEAD. */
export const changedAfterClose: Check = {
  id: 'changed-after-close',
  examine: async (at) => (await unlikeHead(at)).flatMap(findingOf),
}
