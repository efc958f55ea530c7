import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { newRepository, startProgram } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { HAS_LOCAL_INDEX } from '../support/local-index.js'
import { expectOnce, opCommits, openIn } from '../support/store.js'

const PROGRAM = new URL('../support/programs/completer.ts', import.meta.url)

const seeded = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
  return seed / 2_147_483_648
}

describe('many processes that close Ops at once', () => {
  it('get 40 of 40 into the history, each once, and each gets its own commits as results', async () => {
    const repository = await newRepository()
    const children = ['1', '2', '5', '10'].map((atATime) =>
      startProgram(PROGRAM, [repository.path, '10', atATime]),
    )
    await Promise.all(children.map(({ ready }) => ready))
    for (const { go } of children) go()
    const ends = await Promise.all(children.map(({ ended }) => ended))
    const results: [string, { status: string; sha: string }][] = ends.flatMap(
      ({ stdout, stderr }) => {
        expect(stderr).toBe('')
        return JSON.parse(stdout)
      },
    )
    expect(results.filter(([, { status }]) => status !== 'committed')).toEqual([])
    await expectOnce(
      repository,
      results.map(([id]) => id),
    )
    const commits = new Map(await opCommits(repository))
    expect(new Map(results.map(([id, { sha }]) => [id, sha]))).toEqual(commits)
    expect(await repository.statusPorcelain()).toEqual([])
    expect(await (await openIn(repository.path)).pending()).toEqual([])
    if (!HAS_LOCAL_INDEX) return
    const rows = (await repository.read('kitty-ops/ops-index.jsonl')).trim().split('\n')
    expect(rows).toHaveLength(40)
  })
})

describe('processes that are killed at any moment', () => {
  it('lose nothing, commit nothing twice, and block nothing', async () => {
    const repository = await newRepository()
    const random = seeded(20_260_105)
    for (let round = 0; round < 4; round += 1) {
      const children = ['1', '4'].map((atATime) =>
        startProgram(PROGRAM, [repository.path, '8', atATime]),
      )
      await Promise.all(children.map(({ ready }) => ready))
      for (const { go } of children) go()
      await new Promise((resolve) => setTimeout(resolve, 20 + random() * 300))
      for (const { kill } of children) kill()
      await Promise.all(children.map(({ ended }) => ended))
    }
    const ops = await openIn(repository.path)
    const open = await ops.list({ status: 'open' })
    for (const { invocation_id } of open) {
      // Some were being closed: the close of the dead process then counts.
      await ops.complete(invocation_id, { outcome: 'abandoned' }).catch(() => undefined)
    }
    await ops.flush()
    const closed = await ops.list({ status: 'closed' })
    expect(closed).toHaveLength(64)
    await expectOnce(
      repository,
      closed.map((op) => op.invocation_id),
    )
    expect(await ops.pending()).toEqual([])
    expect(existsSync(join(repository.path, '.git', 'index.lock'))).toBe(false)
    expect(await repository.statusPorcelain()).toEqual([])
  })
})
