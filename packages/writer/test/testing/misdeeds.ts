import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { gitIn, tryGitIn } from '@kitty/test-kit'
import type {
  CommitRequest,
  CommitResult,
  CommitStrategy,
} from '../../src/ports/commit-strategy.js'

export type Requests = readonly CommitRequest[]
export type Answer = Promise<readonly CommitResult[]>

/** Commits correctly, and then runs another command in the repository. */
export const andThen =
  (...command: readonly string[]) =>
  async (requests: Requests, good: CommitStrategy): Answer => {
    const results = await good.commit(requests)
    const root = requests[0]?.root ?? ''
    await tryGitIn(root, command)
    return results
  }

/** Changes a file of the git directory first. */
export const after =
  (meddle: (gitDir: string) => Promise<void>) =>
  async (requests: Requests, good: CommitStrategy): Answer => {
    await meddle(join(requests[0]?.root ?? '', '.git'))
    return good.commit(requests)
  }

const headOf = (root: string): Promise<string> => gitIn(root, ['rev-parse', 'HEAD'])

export const claim = async (requests: Requests): Answer =>
  Promise.all(
    requests.map(async ({ root }) => ({ status: 'committed', sha: await headOf(root) }) as const),
  )

export const plainCommit = async (requests: Requests): Answer => {
  for (const { root, message, write } of requests) {
    await tryGitIn(root, ['add', '--', ...write])
    await tryGitIn(root, ['commit', '--quiet', '-m', message])
  }
  return claim(requests)
}

export const allInOne = async (requests: Requests, good: CommitStrategy): Answer => {
  const [first, ...rest] = requests
  if (first === undefined) return []
  const write = [...first.write, ...rest.flatMap((request) => request.write)]
  const results = await good.commit([{ ...first, write }])
  return requests.flatMap(() => results)
}

export const throwing = async (requests: Requests, good: CommitStrategy): Answer => {
  const root = requests[0]?.root ?? ''
  if (!existsSync(join(root, '.git'))) throw new Error('fatal: not a git repository')
  return good.commit(requests)
}

export const forgetful = async (requests: Requests): Answer => {
  for (const { root, message, write, remove } of requests) {
    await gitIn(root, ['add', '--all', '--', ...write, ...remove])
    const only = ['--only', '--no-verify', '--allow-empty', '-m', message]
    await gitIn(root, ['commit', '--quiet', ...only, '--', ...write, ...remove])
  }
  return claim(requests)
}

export const answering =
  (result: CommitResult) =>
  async (requests: Requests): Answer =>
    requests.map(() => result)
