import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Repository } from '@kitty/test-kit'
import { leaveWork } from './branches.js'
import { OPERATIONS } from './operations.js'

/** A step of a user; git may refuse it, which is a state as well. */
type Step = (repository: Repository) => Promise<unknown>

const runs =
  (...args: string[]): Step =>
  ({ tryGit }) =>
    tryGit(...args)

const all =
  (...steps: Step[]): Step =>
  async (repository) => {
    for (const step of steps) await step(repository)
  }

const writes =
  (path: string, text: string): Step =>
  ({ write }) =>
    write(path, text)

/** In two steps: `set` alone takes these flags from git 2.35 on. */
const isSparse = (flags: readonly string[], folder: string): Step =>
  all(runs('sparse-checkout', 'init', ...flags), runs('sparse-checkout', 'set', folder))

const begin = (name: string): Step => {
  const found = OPERATIONS[name]
  if (found === undefined) throw new Error(`No such operation: ${name}`)
  // A clean work tree, as an operation requires; Op records stay.
  return all(runs('reset', '--quiet', '--hard'), (repository) =>
    found.begin(repository).catch(() => undefined),
  )
}

/**
 * A commit leaves its message file behind, which looks like one that is being edited if it is newer than the last
 * move of HEAD. `states/in-progress.test.ts` tests that; here the result would depend on the clock.
 */
export const forgetMessage: Step = async ({ path, git }) => {
  const file = await git('rev-parse', '--git-path', 'COMMIT_EDITMSG')
  await rm(resolve(path, file), { force: true })
}

const ENDS: readonly Step[] = ['rebase', 'am', 'merge', 'cherry-pick', 'revert'].map((verb) =>
  runs(verb, '--abort'),
)

export const STEPS: Readonly<Record<string, Step>> = {
  ...Object.fromEntries(Object.keys(OPERATIONS).map((name) => [name, begin(name)])),
  'every operation is ended': all(...ENDS, runs('bisect', 'reset')),
  'unstaged work': writes('file.txt', 'unstaged\n'),
  'staged work': all(writes('mine.txt', 'staged\n'), runs('add', 'mine.txt')),
  'half-staged and untracked work': (repository) => leaveWork(repository).catch(() => undefined),
  'a staged rename': runs('mv', 'file.txt', 'renamed.txt'),
  'a staged removal': runs('rm', '--quiet', '--cached', 'half.txt'),
  'intent to add': all(writes('later.txt', 'x\n'), runs('add', '--intent-to-add', 'later.txt')),
  'the user commits': runs('commit', '--quiet', '-m', 'The user’s'),
  'an empty commit': runs('commit', '--quiet', '--allow-empty', '--only', '-m', 'Empty'),
  'a detached HEAD': runs('checkout', '--quiet', '--detach'),
  'a new branch': runs('checkout', '--quiet', '-B', 'new'),
  'the other branch': runs('checkout', '--quiet', 'other'),
  // git itself cannot use a split index with a sparse one.
  'a split index': all(runs('sparse-checkout', 'disable'), runs('update-index', '--split-index')),
  'a sparse work tree': isSparse(['--cone'], 'kitty-ops'),
  'a sparse index': all(
    runs('update-index', '--no-split-index'),
    isSparse(['--cone', '--sparse-index'], 'elsewhere'),
  ),
  'a full work tree': runs('sparse-checkout', 'disable'),
  'the store is ignored': writes('.gitignore', 'kitty-ops/\n'),
  'nothing is ignored': writes('.gitignore', '\n'),
}
