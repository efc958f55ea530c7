import type { CommitRequest, CommitResult } from '@kitty/writer'
import { UNMONITORED } from '../git/environment.js'
import { failureFromGit } from '../git/failures.js'
import { toTopPath } from '../git/paths.js'
import { ok, type Result, stop } from '../git/result.js'
import { runGit } from '../git/run-git.js'
import type { WorkTreeState } from '../repository/work-tree.js'
import { pathsOf } from './paths.js'

// Submodules count even if the user's settings hide them.
const WHOLE = ['--no-renames', '--no-ext-diff', '--ignore-submodules=none']
const STAGED = ['diff', '--cached', '--name-only', ...WHOLE, '-z']

/** Returns what a plain commit would contain now, as paths relative to the top. */
const stagedPaths = async (top: string): Promise<Result<readonly string[]>> => {
  const answer = await runGit(top, STAGED, { config: UNMONITORED })
  if (!answer.ok) return stop(failureFromGit(answer))
  const paths = answer.stdout.toString().split('\0')
  return ok(paths.filter((path) => path !== ''))
}

const unexpectedPath = (path: string): CommitResult => ({
  status: 'refused',
  code: 'UNEXPECTED_STAGED_PATH',
  message: `${path} is staged and would be part of the commit.`,
  hint: 'Commit or unstage it first (git restore --staged), or commit with direct git.',
})

/**
 * Lists the staged paths once. Returns a check of each request, for strategies that commit everything that is
 * staged.
 */
export const stagedPathsCheck = async (
  workTree: WorkTreeState,
): Promise<(request: CommitRequest) => CommitResult | undefined> => {
  const staged = await stagedPaths(workTree.top)
  if (!staged.ok) return () => staged.result
  return (request) => {
    const own = new Set(pathsOf(request).map((path) => toTopPath(workTree.prefix, path)))
    const foreign = staged.value.find((path) => !own.has(path))
    return foreign === undefined ? undefined : unexpectedPath(foreign)
  }
}
