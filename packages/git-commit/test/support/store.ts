import type { Repository } from '@kitty/test-kit'
import { type CommitResult, type Ops, type OpsOptions, openOps } from '@kitty/writer'
import { expect } from 'vitest'
import { directGit } from '../../src/direct-git.js'

export const REQUEST = {
  profile_id: 'debugger-debbie',
  action: 'investigate',
  request_text: 'Why does it fail?',
} as const

export const DONE = { outcome: 'done' } as const

/** A store that commits with git, without waiting for the disk. */
export const openIn = (root: string, options: Partial<OpsOptions> = {}): Promise<Ops> =>
  openOps({ root, strategy: directGit(), durability: 'process', ...options })

/** Opens an Op and closes it; returns its id and its path. */
export const closeOne = async (ops: Ops) => {
  const { id, path } = await ops.start(REQUEST)
  const { commit } = await ops.complete(id, DONE)
  return { id, path, commit }
}

export const shaOf = (commit: CommitResult): string =>
  commit.status === 'committed' ? commit.sha : JSON.stringify(commit)

/** The commit of each Op in the history, newest first; an Op that was committed twice is in it twice. */
export const opCommits = async (
  repository: Repository,
): Promise<(readonly [id: string, sha: string])[]> => {
  const format = '%(trailers:key=Op-Id,valueonly,separator=%x2C) %H'
  const lines = await repository.git('log', '--grep=^op(', `--format=${format}`)
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? ''] as const)
}

/** Each of these Ops is in the history, exactly once, and nothing else is; the repository is sound. */
export const expectOnce = async (repository: Repository, ids: readonly string[]): Promise<void> => {
  const committed = (await opCommits(repository)).map(([id]) => id)
  expect([...committed].sort()).toEqual([...ids].sort())
  expect(await repository.git('fsck', '--strict', '--no-dangling')).toBe('')
  for (const id of ids) {
    const inHead = await repository.git('show', `HEAD:kitty-ops/${id}.jsonl`)
    expect(`${inHead}\n`).toBe(await repository.read(`kitty-ops/${id}.jsonl`))
  }
}
