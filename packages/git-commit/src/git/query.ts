import { KittyError } from '@kitty/record'
import { failureFromGit } from './failures.js'
import { type GitOptions, type GitOutcome, runGit } from './run-git.js'

/**
 * Options of a query: `what` completes "git could not …" in the message, and `hint` says what a person can do then.
 */
export type GitQuery = GitOptions & { readonly what: string; readonly hint?: string }

const LOOK =
  'Run git fsck. In a partial clone, fetch what it left out: git fetch --refetch --no-filter. Then try again.'

/** Creates the error for a failed query, with git's own message: KittyError `UNSAFE_DIRECTORY` or `GIT_FAILED`. */
export const gitError = (
  { what, hint = LOOK }: Pick<GitQuery, 'what' | 'hint'>,
  outcome: GitOutcome,
): KittyError => {
  const words = outcome.stderr || `it exited with status ${outcome.exitCode}`
  const message = `git could not ${what}: ${words}`
  const known = failureFromGit(outcome)
  if (known.status !== 'failed') return new KittyError('GIT_FAILED', message, { hint })
  const code = known.code === 'UNSAFE_DIRECTORY' ? known.code : 'GIT_FAILED'
  const isMeant = known.code === code && known.hint !== undefined
  return new KittyError(code, message, { hint: isMeant ? known.hint : hint })
}

/**
 * Returns what git prints, unchanged.
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

/** Returns what git prints as text. Throws like `gitBytes`. */
export const gitText = async (
  cwd: string,
  args: readonly string[],
  question: GitQuery,
): Promise<string> => (await gitBytes(cwd, args, question)).toString()

const NUL = 0

/**
 * Calls `take` with each field that git ends with NUL (`-z`), while git runs, so that a listing of 100,000 files is never
 * in memory as a whole. Throws like `gitBytes`, also after some fields.
 */
export const gitFields = async (
  cwd: string,
  args: readonly string[],
  question: GitQuery,
  take: (field: Buffer) => void,
): Promise<void> => {
  let rest: Buffer[] = []
  const onOutput = (chunk: Buffer): void => {
    let from = 0
    for (let end = chunk.indexOf(NUL); end >= 0; end = chunk.indexOf(NUL, from)) {
      const field = chunk.subarray(from, end)
      take(rest.length === 0 ? field : Buffer.concat([...rest, field]))
      rest = []
      from = end + 1
    }
    rest.push(chunk.subarray(from))
  }
  await gitBytes(cwd, args, { ...question, onOutput })
}
