import { type OpId, parseOpCommitMessage } from '@kitty/record'
import { findWorkTree } from '@kitty/writer'
import { runGit } from '../git/run-git.js'

/**
 * The Op that a commit is about, by its trailer; undefined when there is no such commit here, or it is
 * about none. Throws KittyError `GIT_NOT_STARTED`.
 */
export const opOfCommit = async (root: string, sha: string): Promise<OpId | undefined> => {
  const tree = await findWorkTree(root)
  if (tree === undefined) return undefined
  const answer = await runGit(tree.top, ['cat-file', 'commit', sha])
  const text = answer.stdout.toString()
  return answer.ok ? parseOpCommitMessage(text.slice(text.indexOf('\n\n') + 2))?.op_id : undefined
}
