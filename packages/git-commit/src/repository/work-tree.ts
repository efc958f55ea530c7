import { realpathSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { DeferredReason } from '@kitty/record'
import type { CommitResult } from '@kitty/writer'
import {
  canCreateIn,
  findUnreachableTop,
  findWorkTree,
  onDiskPath,
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

const DAY_MS = 24 * 60 * 60 * 1000

/** How long an operation has been in progress, if somebody may have forgotten it. */
const forgottenFor = (since: number): string | undefined => {
  const days = Math.floor((Date.now() - since) / DAY_MS)
  return days < 1 ? undefined : `${days} day${days === 1 ? '' : 's'}`
}

type Operation = {
  /** What git keeps in its git directory while it is in progress. */
  readonly path: string
  readonly what: string
  readonly reason: DeferredReason
  /** How to end it. */
  readonly end: string
}

const OPERATIONS: readonly Operation[] = [
  {
    path: 'rebase-merge',
    what: 'A rebase',
    reason: 'rebase',
    end: 'git rebase --continue or --abort',
  },
  {
    path: 'rebase-apply/applying',
    what: 'git am',
    reason: 'am',
    end: 'git am --continue or --abort',
  },
  {
    path: 'rebase-apply',
    what: 'A rebase',
    reason: 'rebase',
    end: 'git rebase --continue or --abort',
  },
  {
    path: 'sequencer',
    what: 'A sequence of cherry-picks or reverts',
    reason: 'sequence',
    end: 'git cherry-pick or git revert, with --continue, --abort or --quit',
  },
  { path: 'BISECT_LOG', what: 'A bisection', reason: 'bisect', end: 'git bisect reset' },
]

const operationIn = (gitDir: string): OperationInProgress | undefined => {
  for (const { path, what, reason, end } of OPERATIONS) {
    const since = mtime(join(gitDir, path))
    if (since === undefined) continue
    const time = forgottenFor(since)
    const is = time === undefined ? 'is in progress' : `has been in progress for ${time}`
    return {
      reason,
      message: `${what} ${is}; a commit made now could be lost or disrupt it.`,
      hint: `Finish or abort it (${end}); the Op is then committed when the next Op is closed.`,
    }
  }
  return undefined
}

/** Branches that other tools make and rewrite; what is committed there is moved or lost. */
const TOOL_BRANCHES: readonly (readonly [branch: RegExp, tool: string])[] = [
  [/^gitbutler\/(?:workspace|integration|edit)$/, 'GitButler'],
  [/^git-annex$/, 'git-annex'],
]

const onToolBranch = (head: Head): OperationInProgress | undefined => {
  if (head.kind !== 'branch') return undefined
  const [, tool] = TOOL_BRANCHES.find(([pattern]) => pattern.test(head.branch)) ?? []
  if (tool === undefined) return undefined
  return {
    reason: 'foreign-branch',
    message: `The branch ${head.branch} belongs to ${tool}, which rewrites it: a commit made there could be lost.`,
    hint: 'Switch to a branch of your own; the Op is committed when the next Op is closed there.',
  }
}

const inEditor: OperationInProgress = {
  reason: 'commit-in-progress',
  message: 'A commit message is being written; moving the branch now would make that commit fail.',
  hint: 'Finish that commit; the Op is then committed when the next Op is closed.',
}

const inHook: OperationInProgress = {
  reason: 'in-hook',
  message: 'This runs inside a git hook, which holds the index (GIT_INDEX_FILE is set).',
  hint: 'Nothing to do: the Op stays pending and is committed when the next Op is closed. Outside a hook, unset GIT_INDEX_FILE.',
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

/** On macOS, git composes the names that the disk has decomposed (`core.precomposeUnicode`). */
const asInGit = (path: string): string =>
  process.platform === 'darwin' ? path.normalize('NFC') : path

/**
 * Reads where the project root is in its work tree, where HEAD is, and whether an operation is in progress. Starts
 * git only for the reftable format. Returns `undefined` if there is no work tree.
 */
export const readWorkTree = async (
  root: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<WorkTreeState | undefined> => {
  const real = onDiskPath(realpathSync.native(root))
  const tree = await findWorkTree(real)
  if (tree === undefined) return undefined
  const head = await readHead(tree)
  const inProgress =
    (env.GIT_INDEX_FILE === undefined ? undefined : inHook) ??
    operationIn(tree.gitDir) ??
    (isCommitMessageOpen(tree, head.kind === 'branch' ? head.ref : undefined)
      ? inEditor
      : undefined) ??
    onToolBranch(head)
  const prefix = asInGit(relative(tree.top, real).split(sep).join('/'))
  return { ...tree, prefix, head, ...(inProgress && { inProgress }) }
}
