import { realpathSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { findWorkTree, type WorkTree } from '@kitty/writer'
import { type Head, readHead } from './head.js'
import { isCommitMessageOpen, mtime } from './in-progress.js'

/** Why now is not the moment to commit, in the words of a `deferred` result. */
type OperationInProgress = {
  readonly reason: string
  readonly message: string
  readonly hint: string
}

export type WorkTreeState = WorkTree & {
  /** The project root below the top, with `/`; empty when it is the top. */
  readonly prefix: string
  readonly head: Head
  readonly inProgress?: OperationInProgress
}

const operationInProgress = (what: string, reason: string): OperationInProgress => ({
  reason,
  message: `${what} is in progress; a commit made now could be dropped or stand in its way.`,
  hint: 'The Op stays pending and is committed with the next one after that has ended.',
})

const OPERATIONS: readonly (readonly [path: string, what: string, reason: string])[] = [
  ['rebase-merge', 'A rebase', 'rebase'],
  ['rebase-apply/applying', 'git am', 'am'],
  ['rebase-apply', 'A rebase', 'rebase'],
  ['sequencer', 'A sequence of cherry-picks or reverts', 'sequence'],
  ['BISECT_LOG', 'A bisection', 'bisect'],
]

const operationIn = (gitDir: string): OperationInProgress | undefined => {
  const [, what, reason] =
    OPERATIONS.find(([path]) => mtime(join(gitDir, path)) !== undefined) ?? []
  return what === undefined || reason === undefined ? undefined : operationInProgress(what, reason)
}

const inEditor: OperationInProgress = {
  reason: 'commit-in-progress',
  message: 'Somebody is writing a commit message; moving the branch now would make that fail.',
  hint: 'The Op stays pending and is committed with the next one after that commit.',
}

const inHook: OperationInProgress = {
  reason: 'in-hook',
  message: 'This runs inside a git hook, which holds the index.',
  hint: 'The Op stays pending and is committed with the next one.',
}

/**
 * Where the project root stands in git, and whether this is a moment to commit. Reads files only, but
 * for the reftable format. Undefined where there is no work tree.
 */
export const readWorkTree = async (
  root: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<WorkTreeState | undefined> => {
  const real = realpathSync.native(root)
  const tree = await findWorkTree(real)
  if (tree === undefined) return undefined
  const head = await readHead(tree)
  const inProgress =
    (env.GIT_INDEX_FILE === undefined ? undefined : inHook) ??
    operationIn(tree.gitDir) ??
    (isCommitMessageOpen(tree, head.kind === 'branch' ? head.ref : undefined)
      ? inEditor
      : undefined)
  const prefix = relative(tree.top, real).split(sep).join('/')
  return { ...tree, prefix, head, ...(inProgress && { inProgress }) }
}
