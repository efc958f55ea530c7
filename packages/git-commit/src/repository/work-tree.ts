import { realpathSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { DeferredReason } from '@kitty/record'
import type { CommitResult } from '@kitty/writer'
import {
  canCreateIn,
  findUnreachableTop,
  findWorkTree,
  type WorkTree,
} from '@kitty/writer/internals'
import { type Head, readHead } from './head.js'
import { isCommitMessageOpen, mtime } from './in-progress.js'

/** Why nothing can be committed now, as the fields of a `deferred` result. */
type OperationInProgress = {
  readonly reason: DeferredReason
  readonly message: string
  readonly hint: string
}

export type WorkTreeState = WorkTree & {
  /** The project root relative to the top, with `/`; empty if it is the top. */
  readonly prefix: string
  readonly head: Head
  readonly inProgress?: OperationInProgress
}

const operationInProgress = (what: string, reason: DeferredReason): OperationInProgress => ({
  reason,
  message: `${what} is in progress; a commit made now could be lost or disrupt it.`,
  hint: 'Finish or abort it; the Op is then committed when the next Op is closed.',
})

const OPERATIONS: readonly (readonly [path: string, what: string, reason: DeferredReason])[] = [
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
  message: 'A commit message is being written; moving the branch now would make that commit fail.',
  hint: 'Finish that commit; the Op is then committed when the next Op is closed.',
}

const inHook: OperationInProgress = {
  reason: 'in-hook',
  message: 'This runs inside a git hook, which holds the index.',
  hint: 'Nothing to do: the Op stays pending and is committed when the next Op is closed.',
}

/**
 * The result in a work tree whose git directory cannot be found, for example because it is not mounted here. Returns
 * `undefined` anywhere else.
 */
export const gitUnreachable = async (root: string): Promise<CommitResult | undefined> => {
  const top = await findUnreachableTop(root)
  if (top === undefined) return undefined
  return {
    status: 'deferred',
    reason: 'git-unreachable',
    message: `The git directory that ${join(top, '.git')} names was not found.`,
    hint: 'The Op stays pending; it is committed by the next Op that finds it. If the folder was moved: git worktree repair',
  }
}

/** The result in a folder that is in no work tree. */
export const noWorkTree = async (root: string): Promise<CommitResult> =>
  (await gitUnreachable(root)) ?? { status: 'skipped', reason: 'no-repository' }

/** The result if the whole git directory is read-only, as in the sandbox of an agent. */
export const readOnlyResult = async (root: string): Promise<CommitResult | undefined> => {
  const gitDir = (await findWorkTree(root))?.gitDir
  if (gitDir === undefined || canCreateIn(gitDir)) return undefined
  return {
    status: 'deferred',
    reason: 'git-read-only',
    message: `The git directory ${gitDir} cannot be written here.`,
    hint: 'The Op stays pending; it is committed by the next Op that can write the git directory.',
  }
}

/**
 * Reads where the project root is in its work tree, where HEAD is, and whether an operation is in progress. Starts
 * git only for the reftable format. Returns `undefined` if there is no work tree.
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
