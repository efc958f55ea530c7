import type { HistoryCommit } from '@kitty/git-commit/inspect'
import type { OpId } from '@kitty/record'
import type { Finding } from '../check/check.js'
import { commitName, note } from './finding.js'
import type { ClosingCommit } from './first-closed.js'
import { isOpCommit, opIdInMessage } from './op-commit.js'

const hasOwnCommit = (id: OpId, commit: HistoryCommit): boolean =>
  isOpCommit(commit) && opIdInMessage(commit, [id]) === id

/** Returns a note for each commit that added records without being their Op commit. */
export const checkOrigins = (firsts: ReadonlyMap<OpId, ClosingCommit>): readonly Finding[] => {
  const brought = new Map<HistoryCommit, OpId[]>()
  for (const [id, { commit, isBeside }] of firsts) {
    if (commit === undefined || isBeside || hasOwnCommit(id, commit)) continue
    const ids = brought.get(commit)
    if (ids === undefined) brought.set(commit, [id])
    else ids.push(id)
  }
  return [...brought].map(([commit, ids]) => {
    const what = ids.length === 1 ? 'the record of an Op' : `the records of ${ids.length} Ops`
    const message = `${commitName(commit)} added ${what} without an Op commit, for example in a squash or a commit by hand.`
    return note('no-op-commit', message, { invocation_ids: ids })
  })
}
