import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gitIn } from './run-git.js'

/** A user's unfinished work as far as git knows it, as text that can be compared. */
export type StagedState = {
  /** Index entries with their flags, including conflict stages, without times and inodes. */
  readonly index: readonly string[]
  readonly staged: string
  readonly unstaged: string
  readonly untracked: readonly string[]
  readonly stashes: string
  /** Contents of `MERGE_HEAD` and similar files, by name. */
  readonly operation: Readonly<Record<string, string>>
}

// assume-unchanged, intent-to-add, skip-worktree: the flags that git stores in the index file.
const STORED_FLAGS = (1n << 15n) | (1n << 29n) | (1n << 30n)

const flagsOf = (debugLine: string): string => {
  const flags = /flags: ([0-9a-f]+)/.exec(debugLine)?.[1] ?? '0'
  return (BigInt(`0x${flags}`) & STORED_FLAGS).toString(16)
}

/** Parses `ls-files --debug`, which prints an entry and five lines of stat data; the last has the flags. */
const indexEntries = (text: string): string[] => {
  const lines = text.split('\n').filter((line) => line !== '')
  const entries: string[] = []
  for (const line of lines) {
    if (!line.startsWith('  ')) entries.push(line)
    else if (line.includes('flags:')) entries.push(`${entries.pop()} ${flagsOf(line)}`)
  }
  return entries
}

const OPERATION_FILES = [
  'MERGE_HEAD',
  'MERGE_MSG',
  'MERGE_MODE',
  'AUTO_MERGE',
  'SQUASH_MSG',
  'CHERRY_PICK_HEAD',
  'REVERT_HEAD',
  'REBASE_HEAD',
  'ORIG_HEAD',
  'COMMIT_EDITMSG',
  'BISECT_LOG',
  'sequencer/todo',
  'sequencer/head',
  'rebase-merge/git-rebase-todo',
  'rebase-merge/done',
  'rebase-apply/next',
]

const operationFiles = async (gitDir: string): Promise<Record<string, string>> => {
  const read = OPERATION_FILES.map(async (name) => {
    const text = await readFile(join(gitDir, name), 'utf8').catch(() => undefined)
    return text === undefined ? [] : [[name, text]]
  })
  return Object.fromEntries((await Promise.all(read)).flat())
}

/**
 * Returns the state of the index, of the work tree and of an operation in progress. `except` are paths from the top
 * that are left out, such as `kitty-ops`.
 */
export const stagedState = async (
  folder: string,
  except: readonly string[] = [],
): Promise<StagedState> => {
  const git = (...args: string[]): Promise<string> =>
    gitIn(folder, ['-c', 'core.quotePath=false', ...args])
  const paths = ['--', ':/', ...except.map((path) => `:(top,exclude)${path}`)]
  const [gitDir, listed, staged, unstaged, untracked, stashes] = await Promise.all([
    git('rev-parse', '--absolute-git-dir'),
    git('ls-files', '--stage', '-v', '--debug', ...paths),
    git('diff', '--cached', '--binary', ...paths),
    git('diff', '--binary', ...paths),
    git('ls-files', '--others', '--exclude-standard', ...paths),
    git('stash', 'list', '--format=%H %gs'),
  ])
  return {
    index: indexEntries(listed),
    staged,
    unstaged,
    untracked: untracked.split('\n'),
    stashes,
    operation: await operationFiles(gitDir),
  }
}
