import type { HistoryCommit, HistoryRange } from '@kitty/git-commit/inspect'
import type { Finding } from '../check/check.js'
import type { NextStep } from '../check/next-step.js'
import { singleLine } from '../check/wording.js'

const SHORT = 10

/** Shortens the id of a commit or a blob for people. */
export const shortId = (id: string): string => id.slice(0, SHORT)

/** Names a commit by its short id and its subject. */
export const commitName = ({ sha, message }: HistoryCommit): string =>
  `${shortId(sha)} (${singleLine(message.split('\n')[0] ?? '')})`

type Details = Pick<Finding, 'invocation_id' | 'invocation_ids' | 'path'>

const findingWith =
  (severity: Finding['severity']) =>
  (
    id: string,
    message: string,
    details: Details = {},
    next: readonly NextStep[] = [],
  ): Finding => ({ id, severity, ...details, message, fixable: false, next })

/** Makes a finding of something that only damage, a bug or a deletion causes: it fails the gate. */
export const violation = findingWith('error')

/** Makes a finding of something that a person may do: it does not fail the gate. */
export const note = findingWith('info')

/** What can be done about a bad commit. */
export const REWRITE_OR_PASS =
  'Rewrite it if it is not pushed yet; otherwise verify only what comes after it.'

/** The steps for that. */
export const rewriteOrPass = ({ sha, isRoot }: HistoryCommit): readonly NextStep[] => [
  isRoot ? { verb: 'git-rebase' } : { verb: 'git-rebase', sha: shortId(sha) },
  { verb: 'verify-since', sha: shortId(sha) },
]

/** The path of a file relative to the project root, as `NextStep` has it. */
export const inRoot = ({ prefix }: HistoryRange, path: string): string =>
  path.startsWith(prefix) ? path.slice(prefix.length) : path
