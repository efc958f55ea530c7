import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gitBytes, gitText } from '../git/query.js'
import type { HistoryRange } from './find-history.js'
import { type HistoryCommit, parseHistory, WALK_FORMAT } from './history-format.js'
import type { Ledger } from './ledgers.js'
import { storePaths, topOf } from './stores.js'

const WHAT = 'read the history'

// Reading ten years of history takes time.
const TIMEOUT_MS = 3_600_000

/**
 * Whatever the user has configured, merges show only their own changes (`-c`), and a moved file is a deletion and
 * an addition.
 */
const CHANGES = [
  'diff-tree',
  '--stdin',
  '-z',
  '-c',
  '--raw',
  '--root',
  '--no-renames',
  '--no-relative',
  '--encoding=UTF-8',
  `--format=${WALK_FORMAT}`,
]

/** Returns the commits of a range, oldest first and parents before children. */
const idsOf = async (top: string, range: readonly string[]): Promise<readonly string[]> => {
  const args = ['rev-list', '--topo-order', '--reverse', ...range]
  const list = await gitText(top, args, { what: WHAT, timeoutMs: TIMEOUT_MS })
  return list.split('\n').slice(0, -1)
}

/** Returns the commits that changed something in these paths, with what they changed there. */
const changesOf = async (
  top: string,
  ids: readonly string[],
  args: readonly string[],
): Promise<readonly HistoryCommit[]> => {
  if (ids.length === 0) return []
  const output = await gitBytes(top, [...CHANGES, ...args], {
    what: WHAT,
    input: ids.map((id) => `${id}\n`).join(''),
    timeoutMs: TIMEOUT_MS,
    env: { GIT_LITERAL_PATHSPECS: '0' },
  })
  return parseHistory(output)
}

/**
 * Returns the commits of a range that changed something in a folder, oldest first, with what they changed there.
 * Uses plumbing only, so the user's settings for `git log` have no effect.
 *
 * @throws KittyError `GIT_FAILED`, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const walkFolder = async (
  top: string,
  range: readonly string[],
  folder: string,
): Promise<readonly HistoryCommit[]> =>
  // `git log` would compare the folders twice: to choose the commits and to show them.
  changesOf(top, await idsOf(top, range), ['-r', '--', `:(literal)${folder}`])

/**
 * Returns the commits of a ledger, oldest first, with what they changed.
 *
 * @throws KittyError `GIT_FAILED`, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const walkLedger = async (
  root: string,
  { tip }: Pick<Ledger, 'tip'>,
): Promise<readonly HistoryCommit[]> => changesOf(root, await idsOf(root, [tip]), ['-r'])

/**
 * Returns the commits that may have changed something outside the stores. If the project root is the top, comparing
 * the top-level entries shows that.
 */
const reachOut = async (
  top: string,
  ids: readonly string[],
  { folder, prefix }: HistoryRange,
): Promise<readonly string[]> => {
  if (prefix !== '') return ids
  const commits = await changesOf(top, ids, [])
  return commits.filter(({ changes }) => changes.some(({ path }) => path !== folder)).map(shaOf)
}

const shaOf = ({ sha }: HistoryCommit): string => sha

/**
 * Returns the commits that lead to the tip and changed the folder of the records, or that of a store below the project
 * root, oldest first, with everything that they changed; with `since`, only those that do not lead to it.
 *
 * @throws KittyError `GIT_FAILED`, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const walkHistory = async (
  place: HistoryRange,
  since?: string,
): Promise<readonly HistoryCommit[]> => {
  const { cwd, tip } = place
  if (tip === undefined) return []
  const top = await topOf(cwd)
  const range = since === undefined ? [tip] : [tip, `^${since}`]
  const commits = await changesOf(top, await idsOf(top, range), ['-r', '--', ...storePaths(place)])
  const others = await reachOut(top, commits.map(shaOf), place)
  const outside = await changesOf(top, others, ['-r', '--', ...storePaths(place, 'exclude,')])
  const more = new Map(outside.map(({ sha, changes }) => [sha, changes]))
  return commits.map((commit) => ({
    ...commit,
    changes: [...commit.changes, ...(more.get(commit.sha) ?? [])],
  }))
}

/** Returns every file in the folder of the records at the tip: from its path, relative to the top, to its entry. */
export const filesAtTip = async ({
  cwd,
  folder,
  tip,
}: HistoryRange): Promise<ReadonlyMap<string, { mode: string; blob: string }>> => {
  const files = new Map<string, { mode: string; blob: string }>()
  if (tip === undefined) return files
  const args = ['ls-tree', '-r', '-z', '--full-tree', tip, '--', folder]
  for (const entry of (await gitText(cwd, args, { what: WHAT })).split('\0')) {
    const [, mode, blob, path] = /^(\d{6}) \w+ ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? []
    if (mode && blob && path !== undefined) files.set(path, { mode, blob })
  }
  return files
}

/** Returns the commits at which a shallow clone ends: what they changed is unknown. */
export const readShallowBoundary = async ({
  cwd,
  isShallow,
}: HistoryRange): Promise<Set<string>> => {
  if (!isShallow) return new Set()
  const path = await gitText(cwd, ['rev-parse', '--git-path', 'shallow'], { what: WHAT })
  const text = readFileSync(resolve(cwd, path.trim()), 'utf8')
  return new Set(text.split('\n').filter((line) => line !== ''))
}
