import { type DeferredReason, KittyError, type KittyErrorCode } from '@kitty/record'
import type { CommitResult } from '@kitty/writer'
import { commitFailed } from '@kitty/writer/internals'
import type { GitOutcome } from './run-git.js'

/** The message of a failure; of any other result, its status. */
export const failureMessage = (result: CommitResult): string =>
  result.status === 'committed' || result.status === 'skipped' ? result.status : result.message

/** Returns the same result `count` times. */
export const repeat = (count: number, result: CommitResult): CommitResult[] =>
  Array.from({ length: count }, () => result)

type Kind =
  | { readonly status: 'deferred'; readonly reason: DeferredReason; readonly hint: string }
  | {
      readonly status: 'failed'
      readonly code: KittyErrorCode
      readonly hint: string
      /** Replaces git's own message if that is longer than a line. */
      readonly message?: string
    }

const STOPPED = -1

const LATER = 'Try again later; a pending Op is retried when the next Op is closed.'

/** The only place that matches git's messages; git runs with `LC_ALL=C`. The first match wins. */
const TABLE: readonly (readonly [words: RegExp, kind: Kind])[] = [
  // Causes come before symptoms, because a message can contain both.
  [
    /No space left|Out of diskspace|Disk quota exceeded|ENOSPC|EDQUOT/i,
    {
      status: 'failed',
      code: 'DISK_FULL',
      hint: 'Free some space; the Op is retried when the next Op is closed.',
    },
  ],
  [
    /Permission denied|Read-only file system|insufficient permission/i,
    {
      status: 'failed',
      code: 'NOT_WRITABLE',
      hint: 'Make the git directory writable for this user.',
    },
  ],
  [/index\.lock'?: File exists/, { status: 'deferred', reason: 'index-locked', hint: LATER }],
  [
    /\.lock'?: File exists|is at [0-9a-f]+ but expected|cannot lock references/,
    { status: 'deferred', reason: 'ref-locked', hint: LATER },
  ],
  // The record was removed from disk just now, for example by `git clean`; its intent still holds it.
  [
    /does not exist and --remove not passed/,
    { status: 'deferred', reason: 'record-changed', hint: LATER },
  ],
  // A newer git made the repository, for example outside of this container.
  [
    /unknown repository extension|Expected git repo version/,
    {
      status: 'failed',
      code: 'GIT_FAILED',
      hint: 'This git is too old for the repository. Use the version that made it, or a newer one.',
    },
  ],
  // A submodule whose repository is not here looks like an empty folder.
  [
    /appears as both a file and as a directory|is in submodule/,
    {
      status: 'failed',
      code: 'NESTED_REPOSITORY',
      hint: 'Take the submodule, or the file at the path of the folder, out of git: git rm --cached',
    },
  ],
  [
    /dubious ownership|safe\.directory/,
    {
      status: 'failed',
      code: 'UNSAFE_DIRECTORY',
      hint: "If you trust this folder, add it to git's safe.directory setting, as git's message explains.",
    },
  ],
  [
    /Please tell me who you are|empty ident|unable to auto-detect|no (name|email) was given|disallowed characters/,
    {
      status: 'failed',
      code: 'NO_IDENTITY',
      message: 'git does not know who is committing: the name or email address is missing.',
      hint: 'Set user.name and user.email with git config.',
    },
  ],
  [
    /promisor|could not fetch|transport .* not allowed|unable to read tree|missing (blob|tree)/i,
    {
      status: 'deferred',
      reason: 'objects-missing',
      hint: 'Fetch the missing objects: git fetch --refetch --no-filter',
    },
  ],
]

const kindOf = (words: string): Kind | undefined =>
  TABLE.find(([pattern]) => pattern.test(words))?.[1]

const failureText = ({ stderr, exitCode }: GitOutcome): string => {
  if (stderr !== '') return stderr
  if (exitCode !== STOPPED) return `git exited with status ${exitCode}.`
  return 'git timed out, or was killed by a signal.'
}

/** Converts a failed git command to a typed result, with git's own message. */
export const failureFromGit = (outcome: GitOutcome): CommitResult => {
  const { exitCode } = outcome
  const message = failureText(outcome)
  const kind = kindOf(outcome.stderr)
  if (kind?.status === 'deferred') return { ...kind, message }
  const code = exitCode === STOPPED ? 'GIT_TIMED_OUT' : 'GIT_FAILED'
  return { status: 'failed', code, message, exit_code: exitCode, ...kind }
}

/** Converts an error, of this software or the operating system, to a result: a strategy never throws these. */
export const failureFromError = (error: unknown): CommitResult => {
  const kind = error instanceof KittyError ? undefined : kindOf(String(error))
  return kind?.status === 'failed' ? { message: String(error), ...kind } : commitFailed(error)
}
