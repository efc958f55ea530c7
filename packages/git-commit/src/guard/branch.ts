import type { KittyErrorCode } from '@kitty/record'
import type { CommitResult } from '@kitty/writer'
import { shellWord } from '@kitty/writer/internals'
import { failureFromGit } from '../git/failures.js'
import { runGit } from '../git/run-git.js'
import type { Head } from '../repository/head.js'
import type { WorkTreeState } from '../repository/work-tree.js'
import { ALLOW_PROTECTED, protectionOf } from './protection.js'

const refused = (code: KittyErrorCode, message: string, hint: string): CommitResult => ({
  status: 'refused',
  code,
  message,
  hint,
})

/** Refuses a destination that is not a branch name as `git branch` shows it. */
export const checkDestinationName = (destination: string): CommitResult | undefined => {
  if (destination !== '' && !destination.startsWith('refs/')) return undefined
  const branch = /^refs\/heads\/(.+)$/.exec(destination)?.[1] ?? 'feature-x'
  const message = `The destination ${JSON.stringify(destination)} is not a branch name.`
  return refused(
    'DESTINATION_REF_SHAPE',
    message,
    `Use the branch name alone, for example: ${branch}`,
  )
}

const whereIs = (head: Head): string =>
  head.kind === 'branch' ? `the branch ${head.branch} is checked out` : 'HEAD is detached'

/**
 * Returns the refusal for a destination that is not checked out: `HEAD_MISMATCH` if the branch exists, else
 * `DESTINATION_NOT_FOUND`.
 */
const destinationMismatch = async (
  { top, head }: WorkTreeState,
  destination: string,
): Promise<CommitResult> => {
  const ref = `refs/heads/${destination}`
  const answer = await runGit(top, ['for-each-ref', '--format=%(refname)', ref])
  if (!answer.ok) return failureFromGit(answer)
  if (!answer.stdout.toString().split('\n').includes(ref)) {
    const message = `There is no branch ${destination}.`
    return refused(
      'DESTINATION_NOT_FOUND',
      message,
      `Create it: git switch --create ${shellWord(destination)}`,
    )
  }
  const message = `The destination is ${destination}, but ${whereIs(head)}.`
  return refused('HEAD_MISMATCH', message, `Switch to it: git switch ${shellWord(destination)}`)
}

const protectedBranchResult = (branch: string, because: string): CommitResult =>
  refused(
    'PROTECTED_BRANCH',
    `\`${branch}\` is protected (${because}).`,
    `Set ${ALLOW_PROTECTED}=1, or work on another branch: git switch --create my-branch`,
  )

/** The options of the guard, and the state that it checks. */
export type BranchContext = {
  readonly root: string
  readonly state: WorkTreeState
  readonly destination?: string | undefined
  readonly env?: NodeJS.ProcessEnv | undefined
}

/**
 * Refuses a branch that is not the declared destination, or is protected. On a detached HEAD, refuses only if a
 * destination is declared and no operation such as a rebase is in progress; otherwise the strategy decides.
 */
export const checkBranch = async ({
  root,
  state: workTree,
  destination,
  env = process.env,
}: BranchContext): Promise<CommitResult | undefined> => {
  const { head, top } = workTree
  if (head.kind === 'detached') {
    if (destination === undefined || workTree.inProgress !== undefined) return undefined
    return destinationMismatch(workTree, destination)
  }
  const { branch } = head
  if (destination !== undefined && branch !== destination)
    return destinationMismatch(workTree, destination)
  const protection = await protectionOf({ root, top, branch, env })
  if (!protection.ok) return protection.result
  const { because } = protection.value
  return because === undefined ? undefined : protectedBranchResult(branch, because)
}
