import { KittyError } from '@kitty/record'
import { failureFromGit } from './failures.js'
import { type GitOptions, type GitOutcome, runGit } from './run-git.js'

/** A question to git, in a few words, and what a person may do where git cannot answer. */
export type GitQuery = GitOptions & { readonly what: string; readonly hint?: string }

const LOOK = 'Run git fsck, and in a partial clone git fetch, then try again.'

/** That git could not answer, in its own words: KittyError `UNSAFE_DIRECTORY` or `GIT_FAILED`. */
export const gitError = (
  { what, hint = LOOK }: Pick<GitQuery, 'what' | 'hint'>,
  outcome: GitOutcome,
): KittyError => {
  const words = outcome.stderr || `it ended with exit status ${outcome.exitCode}`
  const message = `git could not ${what}: ${words}`
  const known = failureFromGit(outcome)
  return known.status === 'failed' && known.code === 'UNSAFE_DIRECTORY'
    ? new KittyError(known.code, message, { hint: known.hint ?? hint })
    : new KittyError('GIT_FAILED', message, { hint })
}

/**
 * What git prints, to the byte.
 *
 * @throws KittyError `GIT_FAILED` with git's own words, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const gitBytes = async (
  cwd: string,
  args: readonly string[],
  { what, hint, ...options }: GitQuery,
): Promise<Buffer> => {
  const answer = await runGit(cwd, args, options)
  if (answer.ok) return answer.stdout
  throw gitError({ what, ...(hint !== undefined && { hint }) }, answer)
}

/** The same as text. */
export const gitText = async (
  cwd: string,
  args: readonly string[],
  question: GitQuery,
): Promise<string> => (await gitBytes(cwd, args, question)).toString()
