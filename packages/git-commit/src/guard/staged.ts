import type { CommitRequest, CommitResult } from '@kitty/writer'
import { UNMONITORED } from '../git/environment.js'
import { failureFromGit, isFailure } from '../git/failures.js'
import { toTopPath } from '../git/paths.js'
import { runGit } from '../git/run-git.js'
import type { WorkTreeState } from '../repository/work-tree.js'
import { pathsOf } from './paths.js'

// A submodule counts, also where the user does not want to see it.
const WHOLE = ['--no-renames', '--no-ext-diff', '--ignore-submodules=none']
const STAGED = ['diff', '--cached', '--name-only', ...WHOLE, '-z']

/** What a plain commit would hold now, as paths below the top. */
const stagedPaths = async (top: string): Promise<readonly string[] | CommitResult> => {
  const answer = await runGit(top, STAGED, { config: UNMONITORED })
  if (!answer.ok) return failureFromGit(answer)
  return answer.stdout
    .toString()
    .split('\0')
    .filter((path) => path !== '')
}

const unexpectedPath = (path: string): CommitResult => ({
  status: 'refused',
  code: 'UNEXPECTED_STAGED_PATH',
  message: `${path} is staged and would be part of the commit.`,
  hint: 'Commit or unstage it first (git restore --staged), or commit with direct git.',
})

/** Asks git once; the answer judges each request, for strategies that commit whatever is staged. */
export const stagedPathsCheck = async (
  workTree: WorkTreeState,
): Promise<(request: CommitRequest) => CommitResult | undefined> => {
  const staged = await stagedPaths(workTree.top)
  if (isFailure(staged)) return () => staged
  return (request) => {
    const own = new Set(pathsOf(request).map((path) => toTopPath(workTree.prefix, path)))
    const foreign = staged.find((path) => !own.has(path))
    return foreign === undefined ? undefined : unexpectedPath(foreign)
  }
}
