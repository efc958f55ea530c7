import { type OpId, parseOpCommitMessage } from '@kitty/record'
import { findWorkTree } from '@kitty/writer/internals'
import { runGit } from '../git/run-git.js'
import { opOfLedgerPath } from '../ledger/layout.js'
import { findHistory } from './find-history.js'

const opsAddedBy = async (top: string, sha: string): Promise<readonly OpId[]> => {
  const args = ['diff-tree', '-r', '-z', '--root', '--no-commit-id', '--name-only', sha]
  const answer = await runGit(top, args)
  const paths = answer.ok ? answer.stdout.toString().split('\0') : []
  return paths.flatMap((path) => opOfLedgerPath(path) ?? [])
}

/**
 * Returns the Ops of a commit: the one that it names in its trailer, or, in a ledger, those that it adds. Empty if there
 * are none, or the commit is not in this clone. Throws KittyError `GIT_NOT_STARTED`.
 */
export const opIdsOfCommit = async (root: string, sha: string): Promise<readonly OpId[]> => {
  const tree = await findWorkTree(root)
  if (tree === undefined) return []
  const answer = await runGit(tree.top, ['cat-file', 'commit', sha])
  if (!answer.ok) return []
  const text = answer.stdout.toString()
  const named = parseOpCommitMessage(text.slice(text.indexOf('\n\n') + 2))?.op_id
  return named === undefined ? opsAddedBy(tree.top, sha) : [named]
}

/** A commit as read from `git log`. */
type Logged = {
  readonly sha: string
  /** Its first parent; `undefined` for a root commit. */
  readonly parent: string | undefined
  readonly isOfOp: boolean
}

const FIELDS = ['%H', '%P', '%B']

const loggedIn = ([sha = '', parents = '', message = '']: readonly string[]): Logged => ({
  sha,
  parent: parents.split(' ')[0] || undefined,
  isOfOp: parseOpCommitMessage(message) !== undefined,
})

/** Returns the commits of a range, whatever the user has set for `git log`. Empty if git fails. */
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

/** Whether a commit changed something, but nothing outside the folder of the records. */
const isOfRecords = async (root: string, { sha, parent }: Logged): Promise<boolean> => {
  const between = parent === undefined ? ['--root', sha] : [parent, sha]
  const args = ['diff-tree', '-r', '-z', '--name-only', '--no-commit-id', '--no-relative']
  const answer = await runGit(root, [...args, ...between])
  const paths = answer.ok ? answer.stdout.toString().split('\0').slice(0, -1) : []
  if (paths.length === 0) return false
  const { folder } = await findHistory(root)
  return paths.every((path) => path.startsWith(`${folder}/`))
}

/** How many commits are searched for one of work. */
const MAX_STEPS = 1000

/**
 * Returns the newest commit of work, starting at `from` and along first parents: not an Op's commit, and not one
 * that changes records only. Returns `undefined` if there is none among the first thousand. Throws
 * `GIT_NOT_STARTED`.
 */
export const workCommit = async (root: string, from: string): Promise<string | undefined> => {
  const range = ['--first-parent', `--max-count=${MAX_STEPS}`, from]
  for (const commit of await logOf(root, range)) {
    if (!commit.isOfOp && !(await isOfRecords(root, commit))) return commit.sha
  }
  return undefined
}
