import type { MissingRecord } from '@kitty/writer/internals'
import { findAtTips } from './find-at-tips.js'
import { lastCommitOfRecord } from './last-commit.js'

/**
 * Implements `findCommits` of the port. Looks for the files at the tips of branches, not for commits in their
 * histories: a record that was committed and then deleted is not found.
 *
 * @throws KittyError `GIT_FAILED`, `GIT_NOT_STARTED`.
 */
export const findCommits = async (
  root: string,
  records: readonly MissingRecord[],
): Promise<readonly (string | undefined)[]> => {
  const commits: (string | undefined)[] = []
  for (const place of await findAtTips(root, records)) {
    const commit = place && (await lastCommitOfRecord(place.top, place.path, place.tip))
    commits.push(commit ?? place?.tip)
  }
  return commits
}
