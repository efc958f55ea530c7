import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { newOpId } from '@kitty/record'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { tryLock } from '../../src/lock/lock-file.js'
import { openOps } from '../../src/ops/ops.js'
import { codeOf, DONE, openIn, openStore, REQUEST, stateOf, textAt } from '../support/store.js'
import { always, committing, NOT_NOW } from '../support/strategies.js'

describe('a store of Ops', () => {
  it('lists, reads and finds its Ops', async () => {
    const ops = await openStore()
    const one = await ops.start(REQUEST)
    const two = await ops.start({ ...REQUEST, actor: 'claude' })
    await ops.complete(one.id, DONE)
    expect((await ops.list()).map((op) => op.status)).toEqual(['open', 'closed'])
    expect(await ops.list({ actor: 'claude' })).toMatchObject([{ path: two.path }])
    expect((await ops.read(one.id)).bytes.toString()).toBe(await textAt(ops, one.path))
    expect(await codeOf(ops.read(newOpId()))).toBe('OP_NOT_FOUND')
    expect(await ops.resolveId(two.id.toLowerCase())).toBe(two.id)
    await rm(join(ops.root, two.path))
    expect(await ops.resolveId(two.id)).toBe(two.id)
  })

  it('without a strategy commits nothing, and reports `skipped`', async () => {
    const ops = await openOps({ root: await tempFolder() })
    expect(ops.strategy).toMatchObject({ name: 'none', commits: false })
    const { id } = await ops.start(REQUEST)
    const { commit } = await ops.complete(id, DONE)
    expect(commit).toEqual({ status: 'skipped', reason: 'disabled' })
    const pending = await ops.pending()
    expect(pending).toMatchObject([{ id, result: commit }])
    expect(pending[0]).not.toHaveProperty('owner')
  })

  it('flushes pending Ops once they can be committed', async () => {
    const ops = await openStore({ strategy: always(NOT_NOW) })
    const { id } = await ops.start(REQUEST)
    await ops.complete(id, DONE)
    const [intent] = await ops.pending()
    expect(intent?.bytes).toEqual((await ops.read(id)).bytes)
    const strategy = committing({ name: 'mine' })
    const now = await openIn(ops.root, { strategy })
    expect([...(await now.flush())]).toEqual([[id, { status: 'committed', sha: 'c1' }]])
    expect(await now.pending()).toEqual([])
    expect([...(await now.flush())]).toEqual([])
    expect(strategy.calls).toHaveLength(1)
  })

  it('rebuilds its index under the commit lock', async () => {
    const ops = await openStore({ lockTimeoutMs: 50 })
    await ops.complete((await ops.start(REQUEST)).id, DONE)
    expect(await ops.reindex()).toEqual({ rows: 1 })
    expect(await textAt(ops, 'kitty-ops/ops-index.jsonl')).toContain('"outcome":"done"')
    const folder = await stateOf(ops)
    const lock = tryLock({ path: join(folder, 'commit.lock'), tokens: join(folder, 'tokens') })
    expect(lock.kind).toBe('held')
    expect(await codeOf(ops.reindex())).toBe('LOCK_TIMEOUT')
    const [result] = (await ops.flush()).values()
    expect(result).toMatchObject({ status: 'deferred', reason: 'lock-timeout' })
  })

  it('keeps a lifecycle log', async () => {
    const ops = await openStore()
    await ops.lifecycle.append({
      agent: 'claude',
      at: '2026-01-05T10:00:00Z',
      canonical_action_id: 'implement::run',
      mission_id: newOpId(),
      phase: 'started',
      reason: null,
      wp_id: 'WP01',
    })
    expect(await textAt(ops, 'kitty-ops/lifecycle.jsonl')).toMatch(/^\{"agent":"claude".*\}\n$/)
  })

  it('outside git keeps its state out of a later repository', async () => {
    const ops = await openStore()
    await ops.start(REQUEST)
    const state = join(ops.root, '.kittify', 'state')
    expect(await stateOf(ops)).toBe(state)
    expect(await readFile(join(state, '.gitignore'), 'utf8')).toBe('*\n')
  })

  it('opens only in a folder', async () => {
    const root = await tempFolder()
    await mkdir(join(root, 'a'))
    expect((await openIn(join(root, 'a', '..'))).root).toBe(root)
    expect(await codeOf(openIn(join(root, 'missing')))).toBe('ROOT_NOT_FOUND')
  })
})
