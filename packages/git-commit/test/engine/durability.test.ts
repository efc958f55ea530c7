import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import type { CommitStrategy } from '@kitty/writer'
import { describe, expect, it } from 'vitest'
import { directGit } from '../../src/direct-git.js'
import { leaveIndexToGit } from '../support/git-index.js'
import { letGitMoveHead, withShim } from '../support/git-shim.js'
import { closeOne, expectOnce, openIn } from '../support/store.js'

const FSYNC = 'core.fsync=committed,loose-object,reference'

/** Equal to direct git, but keeps every Op pending. */
const deferring: CommitStrategy = {
  ...directGit(),
  commit: async (_, requests) =>
    requests.map(() => ({ status: 'deferred', reason: 'test', message: 'Not now.' })),
}

/** The git commands that write, as they were started while `fn` ran. */
const writesOf = async (fn: () => Promise<unknown>): Promise<string[]> => {
  const log = join(await tempFolder(), 'log')
  await withShim(`printf '%s\\n' "$*" >> '${log}'`, fn)
  const lines = (await readFile(log, 'utf8')).trim().split('\n')
  await rm(log)
  return lines.filter((line) => /update-index|update-ref/.test(line))
}

describe('the durability of a commit', () => {
  it.each(['power', 'process'] as const)('is that of the Op: %s', async (durability) => {
    const repository = await newRepository()
    await letGitMoveHead(repository)
    await leaveIndexToGit(repository)
    const ops = await openIn(repository.path, { durability })
    const writes = await writesOf(() => closeOne(ops))
    expect(writes).toHaveLength(2)
    expect(writes.every((line) => line.includes(FSYNC))).toBe(durability === 'power')
    expect(writes.some((line) => line.includes(FSYNC))).toBe(durability === 'power')
  })

  it('is the strongest of a batch', async () => {
    const repository = await newRepository()
    await letGitMoveHead(repository)
    await leaveIndexToGit(repository)
    const strong = await openIn(repository.path, { durability: 'power', strategy: deferring })
    const { id } = await closeOne(strong)
    const ops = await openIn(repository.path)
    const closed: string[] = [id]
    const writes = await writesOf(async () => closed.push((await closeOne(ops)).id))
    expect(writes).toHaveLength(2)
    expect(writes.every((line) => line.includes(FSYNC))).toBe(true)
    await expectOnce(repository, closed)
  })
})
