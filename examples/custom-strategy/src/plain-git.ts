// A commit strategy is one object. This one uses plain `git commit` and is as simple as possible. It gets slower as the
// repository grows, but it passes the published suite (see the test).
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import {
  type CommitRequest,
  type CommitResult,
  type CommitStrategy,
  requestPaths,
} from '@kitty/writer'

// While one of these exists, an operation is in progress, and aborting it would also remove this strategy's commit.
const BUSY = /^(rebase-apply|sequencer|BISECT_LOG|MERGE_HEAD|CHERRY_PICK_HEAD|REVERT_HEAD)$/

const commitOne = (cwd: string, request: CommitRequest): CommitResult => {
  const git = (...args: string[]) =>
    spawnSync('git', ['-c', 'core.hooksPath=/dev/null', ...args], { cwd, encoding: 'utf8' })
  const paths = ['--', ...Object.values(requestPaths(request)).flat()]
  const dir = git('rev-parse', '--absolute-git-dir').stdout.trim()
  if (dir === '') return { status: 'skipped', reason: 'no-repository' }
  const isBusy = readdirSync(dir).some((name) => BUSY.test(name))
  if (isBusy || git('symbolic-ref', 'HEAD').status !== 0)
    return { status: 'deferred', reason: 'busy', message: 'Git is busy.' }
  const state = git('status', '--porcelain', '-uall', '--ignored', ...paths)
  const isNew = state.status !== 0 || state.stdout !== ''
  if (isNew) git('add', '--all', ...paths)
  const done = isNew ? git('commit', '--only', '-m', request.message, ...paths) : state
  const sha = git('log', '-1', '--format=%H', ...paths).stdout.trim()
  if (done.status === 0) return { status: 'committed', sha }
  git('reset', '--quiet', ...paths)
  return { status: 'failed', code: 'GIT_FAILED', message: done.stderr || done.stdout }
}

export const plainGit: CommitStrategy = {
  name: 'plain-git',
  commitsOnlyItsPaths: true,
  commit: async (root, requests) => requests.map((request) => commitOne(root, request)),
}
