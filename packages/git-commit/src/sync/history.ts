// Questions about commits that this clone has or lacks. They read objects and fetch nothing.

import { gitText } from '../git/query.js'
import { runGit } from '../git/run-git.js'

const WHAT = {
  what: 'compare the ledgers with those of the server',
  hint: 'Let the doctor fix the ledger of this clone (its check ledger-damaged), then sync again.',
}

/** Those of the commits that this clone has. */
export const commitsHere = async (
  cwd: string,
  commits: Iterable<string>,
): Promise<ReadonlySet<string>> => {
  const input = [...new Set(commits)].map((commit) => `${commit}\n`).join('')
  if (input === '') return new Set()
  const answer = await gitText(cwd, ['cat-file', '--batch-check'], { ...WHAT, input })
  return new Set(answer.match(/^[0-9a-f]+(?= commit )/gm))
}

/** Whether the history of a commit contains another one, which this clone has. Throws KittyError `GIT_FAILED`. */
export const isContained = async (cwd: string, commit: string, tip: string): Promise<boolean> => {
  if (commit === tip) return true
  const answer = await runGit(cwd, ['merge-base', '--is-ancestor', commit, tip])
  if (answer.ok || answer.exitCode === 1) return answer.ok
  await gitText(cwd, ['cat-file', '-e', `${tip}^{tree}`], WHAT)
  throw new Error(`git merge-base: ${answer.stderr}`)
}

/** A part of a ledger that the server lacks. */
export type Unpublished = {
  /** Its commits, oldest first. */
  readonly commits: readonly string[]
  /** The commit before them, which the server has. */
  readonly base: string | undefined
}

/** Finds what no ledger of the server reaches in the history of a commit. Throws KittyError `GIT_FAILED`. */
export const unpublishedIn = async (
  cwd: string,
  tip: string,
  published: Iterable<string>,
): Promise<Unpublished> => {
  const input = [`${tip}\n`, ...[...new Set(published)].map((commit) => `^${commit}\n`)].join('')
  const args = ['rev-list', '--first-parent', '--parents', '--ignore-missing', '--stdin']
  const lines = (await gitText(cwd, args, { ...WHAT, input })).split('\n').filter(Boolean)
  const commits = lines.map((line) => line.split(' ')[0] ?? '').reverse()
  return { commits, base: lines.at(-1)?.split(' ')[1] }
}
