// A commit strategy is one object. This one uses plain `git commit` and is as simple as possible. It gets slower as the
// repository grows, but it passes the published suite (see the test).
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { CommitRequest, CommitResult, CommitStrategy } from '@kitty/writer'

const git = (root: string, ...args: string[]) =>
  spawnSync('git', ['-c', 'core.hooksPath=/dev/null', ...args], { cwd: root, encoding: 'utf8' })

const output = (root: string, ...args: string[]): string => git(root, ...args).stdout.trim()

// While one of these exists, an operation is in progress, and aborting it would also remove this strategy's commit.
const OPERATIONS = ['rebase-merge', 'rebase-apply', 'sequencer', 'BISECT_LOG', 'MERGE_HEAD']
const PICKS = ['CHERRY_PICK_HEAD', 'REVERT_HEAD']

const isBusy = (root: string): boolean =>
  git(root, 'symbolic-ref', '--quiet', 'HEAD').status !== 0 ||
  [...OPERATIONS, ...PICKS].some((name) =>
    existsSync(resolve(root, output(root, 'rev-parse', '--git-path', name))),
  )

/** Returns the commit that contains the record exactly as it is on disk, or an empty string if there is none. */
const commitOf = (root: string, record: string): string =>
  output(root, 'ls-tree', 'HEAD', '--', record) !== '' &&
  output(root, 'diff', '--name-only', 'HEAD', '--', record) === ''
    ? output(root, 'log', '-1', '--format=%H', '--', record)
    : ''

const failed = (message: string): CommitResult => ({
  status: 'failed',
  code: 'GIT_FAILED',
  message: message.trim(),
})

const commitNow = ({ root, message, write, remove }: CommitRequest): CommitResult => {
  const paths = [...write, ...remove]
  const added = git(root, 'add', '--', ...write)
  if (added.status !== 0) return failed(added.stderr)
  const commit = git(root, 'commit', '--quiet', '--only', '-m', message, '--', ...paths)
  if (commit.status === 0) return { status: 'committed', sha: output(root, 'rev-parse', 'HEAD') }
  git(root, 'reset', '--quiet', '--', ...paths)
  return failed(commit.stderr || commit.stdout)
}

const commitOne = (request: CommitRequest): CommitResult => {
  const { root, write } = request
  if (git(root, 'rev-parse', '--is-inside-work-tree').status !== 0) {
    return { status: 'skipped', reason: 'no-repository' }
  }
  if (isBusy(root)) return { status: 'deferred', reason: 'busy', message: 'Git is busy.' }
  const sha = commitOf(root, write[0] ?? '')
  return sha === '' ? commitNow(request) : { status: 'committed', sha }
}

export const plainGit: CommitStrategy = {
  name: 'plain-git',
  commitsOnlyItsPaths: true,
  commit: async (requests) => requests.map(commitOne),
}
