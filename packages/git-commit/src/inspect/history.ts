import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { askForBytes, askGit } from '../git/query.js'
import { runGit } from '../git/run-git.js'
import { type HistoryCommit, parseHistory, WALK_FORMAT } from './history-format.js'
import type { HistoryPlace } from './history-place.js'

const WHAT = 'read the history'

// Ten years of history take their time.
const TIMEOUT_MS = 3_600_000

/**
 * Whatever the user has configured, merges show what they changed themselves (`-c`), and a moved file is one
 * that went and one that came.
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

/** The commits that lead to the tip, the oldest first and parents before their children. */
const idsOf = async (top: string, range: readonly string[]): Promise<readonly string[]> => {
  const args = ['rev-list', '--topo-order', '--reverse', ...range]
  const list = await askGit(top, args, { what: WHAT, timeoutMs: TIMEOUT_MS })
  return list.split('\n').slice(0, -1)
}

/** Those of some commits that changed anything below these paths, with what they changed there. */
const changesOf = async (
  top: string,
  ids: readonly string[],
  args: readonly string[],
): Promise<readonly HistoryCommit[]> => {
  if (ids.length === 0) return []
  const output = await askForBytes(top, [...CHANGES, ...args], {
    what: WHAT,
    input: ids.map((id) => `${id}\n`).join(''),
    timeoutMs: TIMEOUT_MS,
    env: { GIT_LITERAL_PATHSPECS: '0' },
  })
  return parseHistory(output)
}

/**
 * The commits of a range that changed something in a folder, oldest first, with what they changed there. Only
 * plumbing is asked: what the user has set for `git log` changes nothing.
 *
 * @throws KittyError `GIT_FAILED`, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const walkFolder = async (
  top: string,
  range: readonly string[],
  folder: string,
): Promise<readonly HistoryCommit[]> =>
  // git log compares the folders twice, once to choose the commits and once to show them.
  changesOf(top, await idsOf(top, range), ['-r', '--', `:(literal)${folder}`])

/** Which commits may have changed something outside the folder. At the top, that is seen without descending. */
const reachOut = async (
  top: string,
  ids: readonly string[],
  { folder, prefix }: HistoryPlace,
): Promise<readonly string[]> => {
  if (prefix !== '') return ids
  const commits = await changesOf(top, ids, [])
  return commits.filter(({ changes }) => changes.some(({ path }) => path !== folder)).map(shaOf)
}

const shaOf = ({ sha }: HistoryCommit): string => sha

/**
 * The commits that lead to the tip and touched the folder of the records, oldest first, with everything that
 * they changed; with `since`, those alone that are not in it.
 *
 * @throws KittyError `GIT_FAILED`, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const walkHistory = async (
  place: HistoryPlace,
  since?: string,
): Promise<readonly HistoryCommit[]> => {
  const { cwd, folder, tip } = place
  if (tip === undefined) return []
  const cdup = await runGit(cwd, ['rev-parse', '--show-cdup'])
  const top = resolve(cwd, cdup.ok ? cdup.stdout.toString().trim() : '')
  const range = since === undefined ? [tip] : [tip, `^${since}`]
  const commits = await walkFolder(top, range, folder)
  const others = await reachOut(top, commits.map(shaOf), place)
  const outside = await changesOf(top, others, ['-r', '--', `:(exclude,literal)${folder}`])
  const more = new Map(outside.map(({ sha, changes }) => [sha, changes]))
  return commits.map((commit) => ({
    ...commit,
    changes: [...commit.changes, ...(more.get(commit.sha) ?? [])],
  }))
}

/** Every file below the folder of the records at the tip: from its path below the top to its entry. */
export const filesAtTip = async ({
  cwd,
  folder,
  tip,
}: HistoryPlace): Promise<ReadonlyMap<string, { mode: string; blob: string }>> => {
  const files = new Map<string, { mode: string; blob: string }>()
  if (tip === undefined) return files
  const args = ['ls-tree', '-r', '-z', '--full-tree', tip, '--', folder]
  for (const entry of (await askGit(cwd, args, { what: WHAT })).split('\0')) {
    const [, mode, blob, path] = /^(\d{6}) \w+ ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? []
    if (mode && blob && path !== undefined) files.set(path, { mode, blob })
  }
  return files
}

/** The commits at which a shallow clone ends: what they changed cannot be told. */
export const shallowCommits = async ({ cwd, isShallow }: HistoryPlace): Promise<Set<string>> => {
  if (!isShallow) return new Set()
  const path = await askGit(cwd, ['rev-parse', '--git-path', 'shallow'], { what: WHAT })
  const text = readFileSync(resolve(cwd, path.trim()), 'utf8')
  return new Set(text.split('\n').filter((line) => line !== ''))
}
