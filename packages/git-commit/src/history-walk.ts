import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { KittyError } from '@kitty/record'
import { type GitOutcome, runGit } from './git.js'
import { type HistoryCommit, parseHistory, WALK_FORMAT } from './history-format.js'
import type { HistoryPlace } from './history-place.js'

const failed = ({ stderr, exitCode }: GitOutcome): KittyError => {
  const words = stderr || `it ended with exit status ${exitCode}`
  return new KittyError('GIT_FAILED', `git could not read the history: ${words}`, {
    hint: 'Run `git fsck`, and in a partial clone `git fetch`, then try again.',
  })
}

// Ten years of history take their time.
const TIMEOUT_MS = 3_600_000

/**
 * Whatever the user has configured, merges show what they changed themselves (`-c`), no history is
 * pruned, a moved file is one that went and one that came, and parents come before their children.
 */
const WALK = [
  'log',
  '-z',
  '-c',
  '--raw',
  '--root',
  '--full-history',
  '--full-diff',
  '--topo-order',
  '--reverse',
  '--no-abbrev',
  '--no-renames',
  '--no-follow',
  '--no-relative',
  '--no-show-signature',
  '--no-notes',
  '--encoding=UTF-8',
  `--format=${WALK_FORMAT}`,
]

/**
 * The commits that lead to the tip and touched the folder of the records, oldest first; with `since`,
 * those alone that are not in it.
 *
 * @throws KittyError `GIT_FAILED`, `GIT_NOT_STARTED`.
 */
export const walkHistory = async (
  { cwd, folder, tip }: HistoryPlace,
  since?: string,
): Promise<readonly HistoryCommit[]> => {
  if (tip === undefined) return []
  const range = since === undefined ? [tip] : [tip, `^${since}`]
  const top = await runGit(cwd, ['rev-parse', '--show-cdup'])
  const start = resolve(cwd, top.ok ? top.stdout.toString().trim() : '')
  const answer = await runGit(start, [...WALK, ...range, '--', folder], { timeoutMs: TIMEOUT_MS })
  if (!answer.ok) throw failed(answer)
  return parseHistory(answer.stdout)
}

/** Every file below the folder of the records at the tip: from its path below the top to its entry. */
export const filesAtTip = async ({
  cwd,
  folder,
  tip,
}: HistoryPlace): Promise<ReadonlyMap<string, { mode: string; blob: string }>> => {
  const files = new Map<string, { mode: string; blob: string }>()
  if (tip === undefined) return files
  const answer = await runGit(cwd, ['ls-tree', '-r', '-z', '--full-tree', tip, '--', folder])
  if (!answer.ok) throw failed(answer)
  for (const entry of answer.stdout.toString().split('\0')) {
    const [, mode, blob, path] = /^(\d{6}) \w+ ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? []
    if (mode && blob && path !== undefined) files.set(path, { mode, blob })
  }
  return files
}

/** The commits at which a shallow clone ends: what they changed cannot be told. */
export const shallowCommits = async ({ cwd, isShallow }: HistoryPlace): Promise<Set<string>> => {
  if (!isShallow) return new Set()
  const answer = await runGit(cwd, ['rev-parse', '--git-path', 'shallow'])
  const text = readFileSync(resolve(cwd, answer.stdout.toString().trim()), 'utf8')
  return new Set(text.split('\n').filter((line) => line !== ''))
}
