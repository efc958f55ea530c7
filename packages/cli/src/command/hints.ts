import type { DeferredReason, ErrorSubject, KittyErrorCode } from '@kitty/record'
import { shellWord } from '@kitty/writer/internals'
import { OUTCOME_TO_TYPE } from './closing-words.js'
import { gitCommand, helpCommand, ownCommand, type Program, validateCommand } from './program.js'

type Hint = (program: Program, about: ErrorSubject) => string

const doctor = (program: Program, flags?: string): string =>
  ownCommand(program, 'doctor ops', flags === undefined ? {} : { flags })

const fix = (program: Program): string => doctor(program, '--fix')

const pathIn = ({ path }: ErrorSubject): string =>
  path === undefined ? 'kitty-ops' : shellWord(path)

/**
 * What to do on the command line, by the code of an error or the code or reason of a commit result. Libraries name
 * no program; every hint with a command to run is here.
 */
const HINTS: Readonly<Record<string, Hint>> = {
  // Errors of opening, finding and closing an Op.
  OP_NOT_FOUND: (program) => `List the Ops: ${ownCommand(program, 'ops list')}`,
  NOTHING_OPEN: (program) => `See how to open one: ${helpCommand(program, 'do')}`,
  RECORD_DAMAGED: (program, { path }) =>
    `See what is wrong: ${path === undefined ? doctor(program) : validateCommand(program, path)}`,
  CLOSE_IN_PROGRESS: (program, { id = 'ID' }) =>
    `Check again in a moment: ${ownCommand(program, 'ops show', { operand: id })}`,
  RECORD_CHANGED: (program) => `See what changed: ${doctor(program)}`,
  STILL_NEEDED: (program) =>
    `Close and commit them, or restore them. To list them: ${ownCommand(program, 'ops list', { flags: '--all' })}. To uninstall anyway: ${ownCommand(program, 'uninstall', { flags: '--force' })}`,
  NOT_CLOSED: (program) => `See what state the Op is in: ${doctor(program)}`,
  LOCK_TIMEOUT: (program) =>
    `Try again in a moment. To check for a lock whose owner is gone: ${doctor(program)}`,

  EVIDENCE_SECRETS: () =>
    'Remove the secret, since a commit is permanent. If it is not a secret, close the Op again with --no-redact.',
  REDACT_PATTERN_SLOW: () =>
    'Simplify the pattern in ops.redact_patterns in .kittify/config.yaml: nested repetitions such as (a+)+ can take forever.',

  // Commits that were deferred, refused or failed.
  'lock-timeout': (program) =>
    `The Op stays pending and is committed with the next one. To commit it now: ${fix(program)}`,
  'record-changed': (program) => `The Op stays pending. See what changed: ${doctor(program)}`,
  'other-strategy': (program) =>
    `Use that strategy again, or commit the Op with the current one: ${fix(program)}`,
  OPEN_RECORD: (program, { id = 'ID' }) =>
    `Close the Op first: ${ownCommand(program, 'ops complete', { operand: id, flags: OUTCOME_TO_TYPE })}`,
  FILE_MISSING: (program) => `Restore the file, then commit the Op: ${fix(program)}`,
  CLOSED_IN_HEAD: (program, about) =>
    `See how it differs: ${doctor(program)}. To restore the committed version: ${gitCommand(program, `checkout HEAD -- ${pathIn(about)}`)}`,
  'ledger-rewound': (program) =>
    `Find out why, and decide: ${doctor(program, '--check ledger-rewound')}`,
  'detached-head': (program) =>
    `Switch to a branch; the Op is committed when the next Op is closed there. Where HEAD is always detached, set ops.detached to commit in .kittify/config.yaml, then: ${fix(program)}`,
  'foreign-branch': () =>
    'Switch to a branch of your own; the Op is committed when the next Op is closed there. If you always work on this one, set ops.commit to ledger in .kittify/config.yaml.',
  'index-locked': (program) =>
    `The Op stays pending and is committed with the next one. If the lock stays, see whose it is: ${doctor(program)}`,
  'ref-locked': (program) =>
    `The Op stays pending and is committed with the next one. If the lock stays, see whose it is: ${doctor(program)}`,
  SIGNING_FAILED: () =>
    'Make sure that git can sign here without asking for input, or set ops.sign to never in .kittify/config.yaml.',
  SIGNING_TIMED_OUT: () =>
    'Make sure that git can sign here without asking for input, or set ops.sign to never in .kittify/config.yaml.',
  'objects-missing': (program) =>
    `Fetch what this clone lacks: ${gitCommand(program, 'fetch --refetch --no-filter')}`,
  PROTECTED_BRANCH: (program) =>
    `Work on another branch, or set SPEC_KITTY_ALLOW_PROTECTED_BRANCH_COMMITS=1. To create a branch: ${gitCommand(program, 'switch --create my-branch')}`,

  // Errors of queries to git.
  REV_NOT_FOUND: (program) =>
    `Use a commit that is in this clone. If the clone is shallow, fetch more first: ${gitCommand(program, 'fetch --unshallow')}`,

  // Syncing ledgers.
  REMOTE_MISSING: (program) =>
    `Name one, such as ${ownCommand(program, 'ops sync', { operand: 'origin' })}, or set ops.remote in .kittify/config.yaml. To list the remotes: ${gitCommand(program, 'remote -v')}`,
  SYNC_NO_ACCESS: (program) =>
    `git needs access without a prompt, except at a terminal. To check: ${gitCommand(program, 'ls-remote REMOTE')}`,

  // Records that could not be restored.
  RECORD_DIFFERS: (program, about) =>
    `Move it away, then try again. To see how it differs: ${gitCommand(program, `diff HEAD -- ${pathIn(about)}`)}`,
  OBJECTS_MISSING: (program, about) =>
    `Let git fetch it: ${gitCommand(program, `checkout HEAD -- ${pathIn(about)}`)}`,
} satisfies Partial<Record<KittyErrorCode | DeferredReason, Hint>>

/** The hint for a code or a reason; `hint`, the library's own, if the command line has none. */
export const hintFor = <T extends string | undefined>(
  code: string,
  hint: T,
  about: ErrorSubject,
  program: Program,
): string | T => (Object.hasOwn(HINTS, code) ? HINTS[code]?.(program, about) : undefined) ?? hint

type HintedLedger = { readonly status: string; readonly reason?: string; readonly hint?: string }

/** A commit result, as far as its hint depends on it. */
export type HintedCommit = {
  readonly status: string
  readonly code?: string
  readonly reason?: string
  readonly hint?: string
  readonly ledger?: HintedLedger
}

const hintedLedger = <T extends HintedLedger>(
  ledger: T,
  about: ErrorSubject,
  program: Program,
): T => {
  const { reason } = ledger
  const hint = reason === undefined ? ledger.hint : hintFor(reason, ledger.hint, about, program)
  return hint === undefined ? ledger : { ...ledger, hint }
}

/** The same commit result with the hints of the command line. */
export const hintedCommit = <T extends HintedCommit>(
  commit: T,
  about: ErrorSubject,
  program: Program,
): T => {
  const code = commit.code ?? commit.reason
  const hint = code === undefined ? commit.hint : hintFor(code, commit.hint, about, program)
  const { ledger } = commit
  if (hint === undefined && ledger === undefined) return commit
  return {
    ...commit,
    ...(hint !== undefined && { hint }),
    ...(ledger && { ledger: hintedLedger(ledger, about, program) }),
  }
}
