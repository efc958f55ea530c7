import { KittyError } from '@kitty/record'
import { findWorkTree, OPS_DIR } from '@kitty/writer'
import { askGit, gitFailed } from '../git/query.js'
import { type GitOutcome, runGit } from '../git/run-git.js'

const WHAT = { what: 'find its history' }

/** Where a history is that can be walked; there need not be a work tree. */
export type HistoryPlace = {
  /** Where git is to be started. */
  readonly cwd: string
  /** The folder of the records below the top, with `/`. */
  readonly folder: string
  /** The project root below the top, ending in `/`; empty when it is the top. */
  readonly prefix: string
  readonly isShallow: boolean
  /** The commit at HEAD; undefined on an unborn branch. */
  readonly tip: string | undefined
}

/** Where there is something of a repository, it is git that can say what is wrong with it. */
const noRepository = async (cwd: string, answer: GitOutcome): Promise<KittyError> => {
  const error = gitFailed(WHAT, answer)
  const isOne = error.code !== 'GIT_FAILED' || (await findWorkTree(cwd)) !== undefined
  if (isOne) return error
  return new KittyError('NO_REPOSITORY', `There is no git repository at ${cwd}`, {
    hint: 'Run this in a clone, or name one with --root.',
  })
}

const commitOf = async (cwd: string, rev: string): Promise<string | undefined> => {
  const args = ['rev-parse', '--quiet', '--verify', '--end-of-options', `${rev}^{commit}`]
  const answer = await runGit(cwd, args)
  const id = answer.stdout.toString().trim()
  return answer.ok && id !== '' ? id : undefined
}

/** HEAD leads to no commit: so it is before the first one. Else something is broken, and nothing can be told. */
const refuseBroken = async (cwd: string): Promise<void> => {
  const branch = (await askGit(cwd, ['symbolic-ref', 'HEAD'], WHAT)).trim()
  const answer = await runGit(cwd, ['rev-parse', '--quiet', '--verify', branch])
  if (!answer.ok) return
  throw gitFailed(WHAT, { ...answer, stderr: `${branch} leads to no commit that is here.` })
}

/**
 * Finds the history of a project root, in a work tree, a git directory or a bare repository.
 *
 * @throws KittyError `NO_REPOSITORY`, `UNSAFE_DIRECTORY`, `GIT_FAILED` where it is broken, `GIT_NOT_STARTED`.
 */
export const findHistory = async (cwd: string): Promise<HistoryPlace> => {
  const answer = await runGit(cwd, ['rev-parse', '--is-shallow-repository', '--show-prefix'])
  if (!answer.ok) throw await noRepository(cwd, answer)
  const [shallow, prefix = ''] = answer.stdout.toString().split('\n')
  const tip = await commitOf(cwd, 'HEAD')
  if (tip === undefined) await refuseBroken(cwd)
  return { cwd, folder: `${prefix}${OPS_DIR}`, prefix, isShallow: shallow === 'true', tip }
}

/** Where the histories of a revision and of the tip part; several after a criss-cross, none where they share nothing. */
export const partings = async (
  { cwd, tip }: HistoryPlace,
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
 * The commit that somebody means by a revision.
 *
 * @throws KittyError `REV_NOT_FOUND` when there is none in this clone.
 */
export const resolveRevision = async (cwd: string, rev: string): Promise<string> => {
  const id = await commitOf(cwd, rev)
  if (id !== undefined) return id
  throw new KittyError('REV_NOT_FOUND', `There is no commit ${JSON.stringify(rev)} here.`, {
    hint: 'Name a commit of this clone. In a shallow clone, fetch more first: git fetch --unshallow',
  })
}
