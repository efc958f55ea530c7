import { KittyError } from '@kitty/record'
import { type GitOptions, runGit } from './git.js'

/** A question to git, in a few words, and what a person may do where git cannot answer. */
export type Question = GitOptions & { readonly what: string; readonly hint?: string }

const LOOK = 'Run `git fsck`, and in a partial clone `git fetch`, then try again.'

/**
 * What git prints.
 *
 * @throws KittyError `GIT_FAILED` with git's own words, `GIT_NOT_STARTED`.
 */
export const askGit = async (
  top: string,
  args: readonly string[],
  { what, hint = LOOK, ...options }: Question,
): Promise<string> => {
  const answer = await runGit(top, args, options)
  if (answer.ok) return answer.stdout.toString()
  const words = answer.stderr || `it ended with exit status ${answer.exitCode}`
  throw new KittyError('GIT_FAILED', `git could not ${what}: ${words}`, { hint })
}
