import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { gitIn, tryGitIn } from '@kitty/test-kit'
import {
  type CommitRequest,
  type CommitResult,
  type CommitStrategy,
  requestPaths,
} from '../../src/ports/commit-strategy.js'

export type Requests = readonly CommitRequest[]
export type Answer = Promise<readonly CommitResult[]>

/** Commits correctly, and then runs another command in the repository. */
export const andThen =
  (...command: readonly string[]) =>
  async (root: string, requests: Requests, good: CommitStrategy): Answer => {
    const results = await good.commit(root, requests)
    await tryGitIn(root, command)
    return results
  }

/** Changes a file of the git directory first. */
export const after =
  (meddle: (gitDir: string) => Promise<void>) =>
  async (root: string, requests: Requests, good: CommitStrategy): Answer => {
    await meddle(join(root, '.git'))
    return good.commit(root, requests)
  }

const headOf = (root: string): Promise<string> => gitIn(root, ['rev-parse', 'HEAD'])

export const claim = async (root: string, requests: Requests): Answer => {
  const sha = await headOf(root)
  return requests.map(() => ({ status: 'committed', sha }))
}

export const plainCommit = async (root: string, requests: Requests): Answer => {
  for (const request of requests) {
    await tryGitIn(root, ['add', '--', ...requestPaths(request).write])
    await tryGitIn(root, ['commit', '--quiet', '-m', request.message])
  }
  return claim(root, requests)
}

export const allInOne = async (root: string, requests: Requests, good: CommitStrategy): Answer => {
  const [first, ...rest] = requests
  if (first?.kind !== 'op') return good.commit(root, requests)
  const extras = [...first.extras, ...rest.flatMap((request) => requestPaths(request).write)]
  const results = await good.commit(root, [{ ...first, extras }])
  return requests.flatMap(() => results)
}

export const throwing = async (root: string, requests: Requests, good: CommitStrategy): Answer => {
  if (!existsSync(join(root, '.git'))) throw new Error('fatal: not a git repository')
  return good.commit(root, requests)
}

export const forgetful = async (root: string, requests: Requests): Answer => {
  for (const request of requests) {
    const { write, remove } = requestPaths(request)
    await gitIn(root, ['add', '--all', '--', ...write, ...remove])
    const only = ['--only', '--no-verify', '--allow-empty', '-m', request.message]
    await gitIn(root, ['commit', '--quiet', ...only, '--', ...write, ...remove])
  }
  return claim(root, requests)
}

export const answering =
  (result: CommitResult) =>
  async (_: string, requests: Requests): Answer =>
    requests.map(() => result)
