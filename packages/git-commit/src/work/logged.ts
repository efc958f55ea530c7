import { parseOpCommitMessage } from '@kitty/record'
import { gitBytes } from '../git/query.js'
import { type HistoryCommit, parseHistory, WALK_FORMAT } from '../inspect/history-format.js'

// Plumbing with all its options: nothing that the user has set for `git log` has an effect.
const CHANGES = ['diff-tree', '--stdin', '-z', '-m', '--raw', '-r', '--root', '--always']
const SHOWN = ['--no-renames', '--no-relative', '--encoding=UTF-8', `--format=${WALK_FORMAT}`]

/** Returns commits with what each changed against its first parent; without changes, a commit has none. */
export const changesOfCommits = async (
  top: string,
  ids: readonly string[],
): Promise<readonly HistoryCommit[]> => {
  if (ids.length === 0) return []
  const input = ids.map((id) => `${id}\n`).join('')
  const output = await gitBytes(top, [...CHANGES, ...SHOWN], { what: 'read the commits', input })
  // A merge is compared with each of its parents, the first one first.
  const first = new Map<string, HistoryCommit>()
  for (const commit of parseHistory(output))
    if (!first.has(commit.sha)) first.set(commit.sha, commit)
  return [...first.values()]
}

/** Whether a commit is work: not an Op's commit, and not one that changes records alone. */
export const isWork = (
  { message, changes }: HistoryCommit,
  isOfRecords: (path: string) => boolean,
): boolean =>
  parseOpCommitMessage(message) === undefined &&
  (changes.length === 0 || !changes.every(({ path }) => isOfRecords(path)))
