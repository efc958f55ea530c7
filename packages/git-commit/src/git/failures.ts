import { KittyError } from '@kitty/record'
import type { CommitResult } from '@kitty/writer'
import type { GitOutcome } from './run-git.js'

/** Tells the result that ends a step early from what the step gives otherwise. */
export const isFailure = (value: object): value is CommitResult => 'status' in value

/** The same result for each of `count` requests. */
export const repeat = (count: number, result: CommitResult): CommitResult[] =>
  Array.from({ length: count }, () => result)

type Kind =
  | { readonly reason: string; readonly hint: string }
  | {
      readonly code: string
      readonly hint: string
      /** Where git's own words take more than a line. */
      readonly message?: string
    }

const STOPPED = -1

const LATER = 'It stays pending and is tried again with the next completion.'

/** The one place where git's words are matched; git runs with LC_ALL=C. First match wins. */
const TABLE: readonly (readonly [words: RegExp, kind: Kind])[] = [
  // First what says why, whatever could not be done for that reason.
  [
    /No space left|Disk quota exceeded|ENOSPC|EDQUOT/i,
    { code: 'DISK_FULL', hint: `Free some space. ${LATER}` },
  ],
  [
    /Permission denied|Read-only file system|insufficient permission/i,
    { code: 'NOT_WRITABLE', hint: 'Make the git directory writable for this user.' },
  ],
  [/index\.lock'?: File exists/, { reason: 'index-locked', hint: LATER }],
  [
    /\.lock'?: File exists|is at [0-9a-f]+ but expected|cannot lock references/,
    { reason: 'ref-locked', hint: LATER },
  ],
  // A record that was taken off the disk just now, as `git clean` does; its mark holds it.
  [/does not exist and --remove not passed/, { reason: 'record-changed', hint: LATER }],
  [
    /dubious ownership|safe\.directory/,
    {
      code: 'UNSAFE_DIRECTORY',
      hint: "If you trust that folder, add it to git's setting safe.directory, as git says.",
    },
  ],
  [
    /Please tell me who you are|empty ident|unable to auto-detect|no (name|email) was given|disallowed characters/,
    {
      code: 'NO_IDENTITY',
      message: 'git does not know who commits here: a name or an e-mail address is missing.',
      hint: 'Set user.name and user.email with git config.',
    },
  ],
  [
    /promisor|could not fetch|transport .* not allowed|unable to read tree|missing (blob|tree)/i,
    { reason: 'objects-missing', hint: 'Run: git fetch, so that the folder’s trees are here.' },
  ],
]

const kindOf = (words: string): Kind | undefined =>
  TABLE.find(([pattern]) => pattern.test(words))?.[1]

const failureText = ({ stderr, exitCode }: GitOutcome): string => {
  if (stderr !== '') return stderr
  if (exitCode !== STOPPED) return `git ended with exit status ${exitCode}.`
  return 'git took too long, or somebody stopped it.'
}

/** A failed git command as a typed result, in git's own words. */
export const failureFromGit = (outcome: GitOutcome): CommitResult => {
  const { exitCode } = outcome
  const message = failureText(outcome)
  const kind = kindOf(outcome.stderr)
  if (kind !== undefined && 'reason' in kind) return { status: 'deferred', ...kind, message }
  const code = exitCode === STOPPED ? 'GIT_TIMED_OUT' : 'GIT_FAILED'
  return { status: 'failed', code, message, exit_code: exitCode, ...kind }
}

/** An error of ours or of the operating system, as a result: a strategy never throws these. */
export const failureFromError = (error: unknown): CommitResult => {
  if (error instanceof KittyError) {
    return { status: 'failed', code: error.code, message: error.message, hint: error.hint }
  }
  const kind = kindOf(String(error))
  const known = kind !== undefined && 'code' in kind ? kind : undefined
  return { status: 'failed', code: 'COMMIT_FAILED', message: String(error), ...known }
}
