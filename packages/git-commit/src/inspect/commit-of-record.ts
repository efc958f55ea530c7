import { posix } from 'node:path'
import { opIdTime } from '@kitty/record'
import { opIdOfName } from '@kitty/writer/internals'
import { toTopPath } from '../git/paths.js'
import { gitText } from '../git/query.js'
import { branchOf, readTip } from '../repository/head.js'
import { type CommitName, newestCommitOfRecord } from '../repository/last-commit.js'
import { readWorkTree, type WorkTreeState } from '../repository/work-tree.js'

/** A commit, and a branch that has it: the one that is checked out, or another. `undefined` if no branch has it. */
export type CommitOnBranch = CommitName & { readonly branch: string | undefined }

/** Clocks of two machines differ, but not by more than a day. */
const DAY = 86_400_000

/** Returns a branch of the clone that has a commit, or one that it fetched. Returns `undefined` if there is none. */
const branchWith = async (top: string, sha: string): Promise<string | undefined> => {
  const args = ['for-each-ref', '--count=1', '--format=%(refname:short)', '--contains', sha]
  const refs = ['refs/heads', 'refs/remotes']
  const branch = await gitText(top, [...args, ...refs], { what: 'find the branch of a commit' })
  return branch.trimEnd() || undefined
}

/** Searches the branches of the clone and those it fetched, back to when the Op was opened. */
const onOtherBranch = async (
  { top }: WorkTreeState,
  path: string,
): Promise<CommitOnBranch | undefined> => {
  const id = opIdOfName(posix.basename(path))
  const since = id === undefined ? [] : [`--since=${new Date(opIdTime(id) - DAY).toISOString()}`]
  const commit = await newestCommitOfRecord(top, path, ['--branches', '--remotes', ...since])
  return commit && { ...commit, branch: await branchWith(top, commit.sha) }
}

/**
 * Returns the newest commit that changed a record: of those that HEAD leads to, or else of those that another branch leads
 * to, also a fetched one. Returns `undefined` outside git or if there is none. A commit that removed the record does not count,
 * nor does one that only moved it to the archive, unless no other contains it. `path` is relative to the project root, with `/`.
 *
 * @throws KittyError `GIT_FAILED` if git cannot say, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const commitOfRecord = async (
  root: string,
  path: string,
): Promise<CommitOnBranch | undefined> => {
  const workTree = await readWorkTree(root)
  if (workTree === undefined) return undefined
  const { top, prefix, head } = workTree
  const topPath = toTopPath(prefix, path)
  const tip = await readTip(workTree, head)
  const commit = tip === undefined ? undefined : await newestCommitOfRecord(top, topPath, tip)
  if (commit === undefined) return onOtherBranch(workTree, topPath)
  return { ...commit, branch: branchOf(head) ?? (await branchWith(top, commit.sha)) }
}
