import type { HistoryCommit } from '@kitty/git-commit'
import type { Finding } from '../check/check.js'
import { singleLine } from '../check/wording.js'

const SHORT = 10

/** A commit as people look for it. */
export const commitName = ({ sha, message }: HistoryCommit): string =>
  `${sha.slice(0, SHORT)} (${singleLine(message.split('\n')[0] ?? '')})`

type Details = Pick<Finding, 'invocation_id' | 'invocation_ids' | 'path'>

/** What only damage, a bug or a deletion can cause: it fails the gate. */
export const violation = (id: string, message: string, details: Details = {}): Finding => ({
  id,
  severity: 'error',
  ...details,
  message,
  fixable: false,
})

/** What a person may do: it is told and nothing more. */
export const note = (id: string, message: string, details: Details = {}): Finding => ({
  id,
  severity: 'info',
  ...details,
  message,
  fixable: false,
})

/** How to get out of what is wrong with a commit. */
export const rewriteOrPass = ({ sha }: HistoryCommit): string =>
  `If nobody has this commit yet, rewrite it: git rebase -i ${sha.slice(0, SHORT)}~1. Otherwise check from there on: spec-kitty ops verify --since ${sha.slice(0, SHORT)}`
