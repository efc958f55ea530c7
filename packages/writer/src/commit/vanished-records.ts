import type { OpId } from '@kitty/record'
import type { CommitResult, CommitStrategy } from '../ports/commit-strategy.js'
import { archivedPath, recordPath } from '../project/paths.js'
import type { Mark } from '../state/intent-store.js'

/** Where a closed record is that is gone from disk: in a commit, of another branch mostly, or nowhere. */
export type Whereabouts = CommitResult | 'nowhere'

const inACommit = (sha: string): CommitResult => ({
  status: 'committed',
  sha,
  earlier: true,
  notes: ['A commit holds it already; its record is not on disk here.'],
})

/**
 * Where the records of these closes are, which are gone from disk. One that a branch holds which is no longer
 * checked out must not be written, and committed, once more.
 *
 * @throws what the strategy throws where it could not look.
 */
export const findVanished = async (
  root: string,
  strategy: CommitStrategy,
  marks: readonly Mark[],
): Promise<ReadonlyMap<OpId, Whereabouts>> => {
  if (marks.length === 0) return new Map()
  const records = marks.map(({ invocation_id: id, bytes }) => ({
    paths: [recordPath(id), archivedPath(id)],
    bytes,
  }))
  const shas = (await strategy.findCommits?.(root, records)) ?? []
  return new Map(
    marks.map(({ invocation_id }, number) => {
      const sha = shas[number]
      return [invocation_id, sha === undefined ? 'nowhere' : inACommit(sha)]
    }),
  )
}
