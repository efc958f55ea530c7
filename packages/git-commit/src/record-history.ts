import { OPS_DIR } from '@kitty/writer'
import { belowTop } from './planned-request.js'
import { askGit } from './query.js'
import { readTip } from './tip.js'
import { lookAtWorkTree, type WorkTreeState } from './work-tree.js'

/** What one commit made of one file in `kitty-ops/`. */
export type FileVersion = {
  readonly sha: string
  /** When it was committed, in milliseconds since 1970. */
  readonly at: number
  /** Relative to the project root, with `/`. */
  readonly path: string
  /** Undefined where the commit took the file away. */
  readonly blob: string | undefined
}

const COMMIT = '\u0001'

/** A walk through a long history takes its time, in milliseconds. */
const TIMEOUT_MS = 600_000

const ARGS = [
  'log',
  '--raw',
  '--no-abbrev',
  '--no-renames',
  // Every parent of a merge, and no side of it left out: a merge may change a record too.
  '-m',
  '--full-history',
  '--topo-order',
  '--reverse',
  '-z',
  '--format=%x01%H %ct',
]

// `:<mode> <mode> <id> <id> <letter>`, then the path in a field of its own.
const CHANGE = /^\n?:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) [A-Z]/

function* versionsIn(output: string, skip: number): Generator<FileVersion> {
  let [sha = '', time = '0'] = ['', '0']
  let change: string | undefined
  for (const field of output.split('\0')) {
    const blob = CHANGE.exec(field)?.[1]
    if (field.startsWith(COMMIT)) [sha = '', time = '0'] = field.slice(COMMIT.length).split(' ')
    else if (blob !== undefined) change = blob
    else if (change !== undefined) {
      yield {
        sha,
        at: Number(time) * 1000,
        path: field.slice(skip),
        blob: /^0+$/.test(change) ? undefined : change,
      }
      change = undefined
    }
  }
}

const versionsOf = async (
  { top, prefix }: WorkTreeState,
  range: readonly string[],
): Promise<readonly FileVersion[]> => {
  const output = await askGit(top, [...ARGS, ...range, '--', belowTop(prefix, OPS_DIR)], {
    what: 'walk through the history',
    timeoutMs: TIMEOUT_MS,
    config: ['log.showSignature=false'],
  })
  return [...versionsIn(output, prefix === '' ? 0 : prefix.length + 1)]
}

/**
 * Every version of every file in `kitty-ops/` in the history of HEAD, oldest first, merges included; one
 * git process. Empty on an unborn branch and outside git.
 *
 * @throws KittyError `GIT_FAILED`, `GIT_NOT_STARTED`.
 */
export const recordHistory = async (root: string): Promise<readonly FileVersion[]> => {
  const state = await lookAtWorkTree(root)
  const tip = state && (await readTip(state, state.head))
  return state === undefined || tip === undefined ? [] : versionsOf(state, [tip])
}

/**
 * The same of the commits that no branch and no tag leads to any more, as long as a reflog of this clone still
 * knows them: what a reset, an aborted rebase or the end of a branch took away.
 *
 * @throws KittyError `GIT_FAILED`, `GIT_NOT_STARTED`.
 */
export const droppedHistory = async (root: string): Promise<readonly FileVersion[]> => {
  const state = await lookAtWorkTree(root)
  if (state === undefined) return []
  const tip = await readTip(state, state.head)
  const kept = ['--branches', '--remotes', '--tags', ...(tip === undefined ? [] : [tip])]
  return versionsOf(state, ['--ignore-missing', '--reflog', '--not', ...kept])
}
