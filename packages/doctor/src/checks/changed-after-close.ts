import type { Check, Finding } from '../check.js'
import { type UnlikeHead, unlikeHead } from '../facts/unlike-head.js'

const findingOf = ({ id, path, inHead }: UnlikeHead): readonly Finding[] => {
  const base = { id: changedAfterClose.id, invocation_id: id, path, fixable: false }
  if (inHead?.status === 'unknown') {
    const message = `${path} differs from HEAD, whose version is not in this clone. To get it and see how: git diff HEAD -- ${path}`
    return [{ ...base, severity: 'warning', message }]
  }
  if (inHead?.status !== 'closed') return []
  const message = `${path} was committed as closed and changed since; a closed record never changes. See how: git diff HEAD -- ${path}. To have it back as it was: git checkout HEAD -- ${inHead.path}`
  return [{ ...base, severity: 'error', message }]
}

/** Records that differ from their closed version in HEAD. */
export const changedAfterClose: Check = {
  id: 'changed-after-close',
  examine: async (at) => (await unlikeHead(at)).flatMap(findingOf),
}
