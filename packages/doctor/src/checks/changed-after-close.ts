import { shellWord } from '@kitty/writer'
import type { Check, Finding } from '../check/check.js'
import { type DiffersFromHead, differsFromHead } from '../facts/differs-from-head.js'
import { type UnclosedInHead, unclosedInHead } from '../facts/unclosed-on-disk.js'
import { restoreRecordsFix } from '../fixes/restore-records.js'

const ofClosed = ({ id, path, inHead }: DiffersFromHead): readonly Finding[] => {
  const base = { id: changedAfterClose.id, invocation_id: id, path, fixable: false }
  if (inHead?.status === 'unknown') {
    const message = `${path} differs from HEAD, whose version is not in this clone. To get it and see how: git diff HEAD -- ${shellWord(path)}`
    return [{ ...base, severity: 'warning', message }]
  }
  if (inHead?.status !== 'closed') return []
  const message = `${path} was committed as closed and changed since; a closed record never changes. See how: git diff HEAD -- ${shellWord(path)}. To have it back as it was: git checkout HEAD -- ${shellWord(inHead.path)}`
  return [{ ...base, severity: 'error', message }]
}

const ofUnclosed = ({ id, path, inHead, isBeginning }: UnclosedInHead): readonly Finding[] => {
  if (inHead.status !== 'closed') return []
  const back = isBeginning
    ? 'Only its end is missing. To have it back: spec-kitty doctor ops --fix'
    : `See how it differs: git diff HEAD -- ${shellWord(path)}. To have it back: git checkout HEAD -- ${shellWord(inHead.path)}`
  return [
    {
      id: changedAfterClose.id,
      severity: 'error',
      invocation_id: id,
      path,
      message: `${path} was committed as closed, and what is on disk is not closed any more (an older state, or cut off). ${back}`,
      fixable: isBeginning,
    },
  ]
}

/** Records that differ from their closed version in HEAD. Where only the end is missing, it is added. */
export const changedAfterClose: Check = {
  id: 'changed-after-close',
  run: async (context) => {
    const [closed, unclosed] = await Promise.all([
      differsFromHead(context),
      unclosedInHead(context),
    ])
    return [...closed.flatMap(ofClosed), ...unclosed.flatMap(ofUnclosed)]
  },
  fix: restoreRecordsFix,
}
