import { KittyError } from '@kitty/record'
import { findNoWorkTree, findWorkTree, OPS_DIR } from '@kitty/writer/internals'
import { gitError, gitText } from '../git/query.js'
import { type GitOutcome, runGit } from '../git/run-git.js'
import { noRepository } from '../repository/no-repository.js'

const FINDING = { what: 'find the history' }

/** A history to walk, with or without a work tree. */
export type HistoryRange = {
  /** The folder in which git is started. */
  readonly cwd: string
  /** The folder of the records relative to the top, with `/`. */
  readonly folder: string
  /** The project root relative to the top, ending in `/`; empty if it is the top. */
  readonly prefix: string
  readonly isShallow: boolean
  /** The commit at HEAD; `undefined` on an unborn branch. */
  readonly tip: string | undefined
}

/** Returns git's own error if there is a repository that is broken, else `NO_REPOSITORY`. */
const notFound = async (cwd: string, answer: GitOutcome): Promise<KittyError> => {
  const error = gitError(FINDING, answer)
  const isOne = error.code !== 'GIT_FAILED' || (await findWorkTree(cwd)) !== undefined
  return isOne ? error : noRepository(cwd)
}

const commitOf = async (cwd: string, rev: string): Promise<string | undefined> => {
  const args = ['rev-parse', '--quiet', '--verify', '--end-of-options', `${rev}^{commit}`]
  const answer = await runGit(cwd, args)
  const id = answer.stdout.toString().trim()
  if (answer.ok && id !== '') return id
  const refusal = gitError(FINDING, answer)
  if (refusal.code !== 'GIT_FAILED') throw refusal
  return undefined
}

/** Throws `GIT_FAILED` if HEAD's branch exists but its commit is missing. Does nothing if the branch is unborn. */
const refuseBroken = async (cwd: string): Promise<void> => {
  const branch = (await gitText(cwd, ['symbolic-ref', 'HEAD'], FINDING)).trim()
  const answer = await runGit(cwd, ['rev-parse', '--quiet', '--verify', branch])
  if (!answer.ok) return
  throw gitError(FINDING, {
    ...answer,
    stderr: `${branch} does not point to a commit in this clone.`,
  })
}

/**
 * Finds the history of a project root, in a work tree, a git directory or a bare repository.
 *
 * @throws KittyError `NO_REPOSITORY`, `UNSAFE_DIRECTORY`, `GIT_FAILED` if it is broken, `GIT_NOT_STARTED`.
 */
export const findHistory = async (root: string): Promise<HistoryRange> => {
  const cwd = (await findNoWorkTree(root))?.gitDir ?? root
  const answer = await runGit(cwd, ['rev-parse', '--is-shallow-repository', '--show-prefix'])
  if (!answer.ok) throw await notFound(root, answer)
  const [shallow, prefix = ''] = answer.stdout.toString().split('\n')
  const tip = await commitOf(cwd, 'HEAD')
  if (tip === undefined) await refuseBroken(cwd)
  return { cwd, folder: `${prefix}${OPS_DIR}`, prefix, isShallow: shallow === 'true', tip }
}

/**
 * Returns the merge bases of a commit and the tip: several after a criss-cross merge, none if they share no
 * history.
 */
export const findMergeBases = async (
  { cwd, tip }: HistoryRange,
  commit: string,
): Promise<readonly string[]> => {
  if (tip === undefined) return []
  const answer = await runGit(cwd, ['merge-base', '--all', commit, tip])
  return answer.stdout
    .toString()
    .split('\n')
    .filter((line) => line !== '')
}

/**
 * Returns the id of the commit that a revision names.
 *
 * @throws KittyError `REV_NOT_FOUND` if there is none in this clone.
 */
export const resolveRevision = async (cwd: string, rev: string): Promise<string> => {
  const id = await commitOf(cwd, rev)
  if (id !== undefined) return id
  throw new KittyError('REV_NOT_FOUND', `There is no commit ${JSON.stringify(rev)} here.`, {
    hint: 'Use a commit that is in this clone; in a shallow clone, fetch more first: git fetch --unshallow',
  })
}
