import { KittyError } from '@kitty/record'
import type { CommitResult } from '@kitty/writer'
import type { GitOutcome } from './git.js'

type Kind =
  | { readonly reason: string; readonly hint: string }
  | { readonly code: string; readonly hint: string }

const LATER = 'It stays pending and is tried again with the next completion.'

/** The one place where git's words are matched; git runs with LC_ALL=C. First match wins. */
const TABLE: readonly (readonly [words: RegExp, kind: Kind])[] = [
  [/index\.lock'?: File exists/, { reason: 'index-locked', hint: LATER }],
  [/cannot lock ref|\.lock'?: File exists/, { reason: 'ref-locked', hint: LATER }],
  [
    /dubious ownership|safe\.directory/,
    { code: 'UNSAFE_DIRECTORY', hint: 'Run: git config --global --add safe.directory <folder>' },
  ],
  [
    /Please tell me who you are|empty ident|unable to auto-detect|no (name|email) was given/,
    { code: 'NO_IDENTITY', hint: 'Run: git config user.name "…" and git config user.email "…"' },
  ],
  [/No space left|Disk quota exceeded/, { code: 'DISK_FULL', hint: `Free some space. ${LATER}` }],
  [
    /Permission denied|Read-only file system|insufficient permission/,
    { code: 'NOT_WRITABLE', hint: 'Make the git directory writable for this user.' },
  ],
  [
    /promisor|could not fetch|transport .* not allowed|unable to read tree|missing (blob|tree)/i,
    { reason: 'objects-missing', hint: 'Run: git fetch, so that the folder’s trees are here.' },
  ],
]

/** A failed git command as a typed result, in git's own words. */
export const failure = (outcome: GitOutcome): CommitResult => {
  const message = outcome.stderr || `git ended with exit status ${outcome.exitCode}.`
  const kind = TABLE.find(([words]) => words.test(outcome.stderr))?.[1]
  if (kind !== undefined && 'reason' in kind) return { status: 'deferred', ...kind, message }
  const code = outcome.exitCode === -1 ? 'GIT_TIMED_OUT' : 'GIT_FAILED'
  return { status: 'failed', code, message, exit_code: outcome.exitCode, ...kind }
}

/** An error of ours or of the operating system, as a result: a strategy never throws these. */
export const unexpected = (error: unknown): CommitResult =>
  error instanceof KittyError
    ? { status: 'failed', code: error.code, message: error.message, hint: error.hint }
    : { status: 'failed', code: 'COMMIT_FAILED', message: String(error) }
