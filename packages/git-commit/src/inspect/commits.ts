import { type OpId, parseOpCommitMessage } from '@kitty/record'
import { findWorkTree } from '@kitty/writer'
import { runGit } from '../git/run-git.js'
import { readTip } from '../repository/head.js'
import { readWorkTree } from '../repository/work-tree.js'
import { findHistory } from './history.js'

/**
 * The Op that a commit is about, by its trailer; undefined when there is no such commit here, or it is
 * about none. Throws KittyError `GIT_NOT_STARTED`.
 */
export const opIdOfCommit = async (root: string, sha: string): Promise<OpId | undefined> => {
  const tree = await findWorkTree(root)
  if (tree === undefined) return undefined
  const answer = await runGit(tree.top, ['cat-file', 'commit', sha])
  const text = answer.stdout.toString()
  return answer.ok ? parseOpCommitMessage(text.slice(text.indexOf('\n\n') + 2))?.op_id : undefined
}

/** A moment in the history of a work tree. */
export type HeadPoint = {
  /** The top of the work tree. */
  readonly top: string
  /** The commit that HEAD was at; undefined on an unborn branch. */
  readonly tip: string | undefined
  /** Seconds since 1970, as in a commit. */
  readonly at: number
}

/** Where HEAD is now; undefined outside git. Throws `GIT_NOT_STARTED`. */
export const readHeadPoint = async (root: string, now: Date): Promise<HeadPoint | undefined> => {
  const workTree = await readWorkTree(root)
  if (workTree === undefined) return undefined
  const tip = await readTip(workTree, workTree.head)
  return { top: workTree.top, tip, at: Math.floor(now.getTime() / 1000) }
}

/** A commit as `git log` tells of it. */
type Logged = {
  readonly sha: string
  /** Seconds since 1970. */
  readonly at: number
  /** Its first parent; empty for a first commit. */
  readonly parent: string
  readonly isOfOp: boolean
}

const FIELDS = ['%H', '%ct', '%P', '%B']

const loggedIn = ([sha = '', time, parents = '', message = '']: readonly string[]): Logged => ({
  sha,
  at: Number(time),
  parent: parents.split(' ')[0] ?? '',
  isOfOp: parseOpCommitMessage(message) !== undefined,
})

/** The commits of a range, whatever is set for `git log`. Empty where git cannot say. */
const logOf = async (top: string, range: readonly string[]): Promise<readonly Logged[]> => {
  const format = `--format=${FIELDS.join('%x00')}`
  const args = ['log', '-z', '--encoding=UTF-8', format, ...range, '--']
  const answer = await runGit(top, args, { config: ['log.showSignature=false'] })
  if (!answer.ok) return []
  const parts = answer.stdout.toString().split('\0')
  const count = Math.floor(parts.length / FIELDS.length)
  return Array.from({ length: count }, (_, number) =>
    loggedIn(parts.slice(number * FIELDS.length, (number + 1) * FIELDS.length)),
  )
}

/**
 * The ids of the commits that HEAD has gained since, oldest first: those that were made meanwhile, and
 * not those of Ops. One from before came in by a pull or a switch of branch. Empty where git cannot say.
 * Throws `GIT_NOT_STARTED`.
 */
export const commitsSince = async (before: HeadPoint): Promise<readonly string[]> => {
  const range = before.tip === undefined ? ['HEAD'] : ['HEAD', `^${before.tip}`]
  const commits = await logOf(before.top, ['--reverse', ...range])
  return commits.filter(({ at, isOfOp }) => at >= before.at && !isOfOp).map(({ sha }) => sha)
}

/** Whether a commit changed something, and nothing outside the folder of the records. */
const isOfRecords = async (root: string, { sha, parent }: Logged): Promise<boolean> => {
  const between = parent === '' ? ['--root', sha] : [parent, sha]
  const args = ['diff-tree', '-r', '-z', '--name-only', '--no-commit-id', '--no-relative']
  const answer = await runGit(root, [...args, ...between])
  const paths = answer.ok ? answer.stdout.toString().split('\0').slice(0, -1) : []
  if (paths.length === 0) return false
  const { folder } = await findHistory(root)
  return paths.every((path) => path.startsWith(`${folder}/`))
}

/** How far back a commit of work is looked for. */
const MAX_STEPS = 1000

/**
 * The newest commit that is work, from a commit on along first parents: neither that of an Op nor one that
 * touches records alone. Undefined if there is none among the first thousand. Throws `GIT_NOT_STARTED`.
 */
export const workCommit = async (root: string, from: string): Promise<string | undefined> => {
  const range = ['--first-parent', `--max-count=${MAX_STEPS}`, from]
  for (const commit of await logOf(root, range)) {
    if (!commit.isOfOp && !(await isOfRecords(root, commit))) return commit.sha
  }
  return undefined
}
