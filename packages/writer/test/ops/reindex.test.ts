import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { newRepository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { noCommit } from '../../src/ports/commit-strategy.js'
import { INDEX_PATH } from '../../src/project/paths.js'
import { DONE, openIn, openStore, REQUEST } from '../support/store.js'
import { always, committing, NEVER } from '../support/strategies.js'

const withOp = async (options: Parameters<typeof openIn>[1] = {}) => {
  const { path } = await newRepository()
  const ops = await openIn(path, { strategy: committing(), ...options })
  await ops.complete((await ops.start(REQUEST)).id, DONE)
  return { ops, index: join(path, INDEX_PATH) }
}

describe('reindex', () => {
  it('writes a local file that git does not see', async () => {
    const { ops, index } = await withOp()
    expect(await ops.reindex()).toEqual({ rows: 1 })
    expect(existsSync(index)).toBe(true)
  })

  it('writes no new file where git would see it, and updates one that is there', async () => {
    const { ops, index } = await withOp({ exclude: false })
    expect(await ops.reindex()).toEqual({ rows: 0 })
    expect(existsSync(index)).toBe(false)
    const committed = await withOp({ commitOpsIndex: true })
    expect(await committed.ops.reindex()).toEqual({ rows: 0 })
  })

  it('writes a file outside git', async () => {
    const ops = await openStore()
    await ops.complete((await ops.start(REQUEST)).id, DONE)
    expect(await ops.reindex()).toEqual({ rows: 1 })
  })
})

describe('untracking the index', () => {
  it('asks for one commit that takes it out, and keeps the local file', async () => {
    const strategy = committing()
    const { ops, index } = await withOp({ strategy })
    await ops.reindex()
    expect(await ops.untrackIndex()).toMatchObject({ status: 'committed' })
    expect(strategy.requests.at(-1)).toMatchObject({ kind: 'untrack', path: INDEX_PATH })
    expect(existsSync(index)).toBe(true)
  })

  it('removes the file if no line would hide it', async () => {
    const first = await withOp()
    await first.ops.reindex()
    const ops = await openIn(first.ops.root, { strategy: committing(), exclude: false })
    await ops.untrackIndex()
    // The line of the other store still hides it.
    expect(existsSync(first.index)).toBe(true)
  })

  it('puts the file back if nothing is committed', async () => {
    const { ops, index } = await withOp({ strategy: always(NEVER) })
    await ops.reindex()
    expect(await ops.untrackIndex()).toEqual(NEVER)
    expect(existsSync(index)).toBe(true)
  })

  it('does nothing if nothing is ever committed, or the strategy gives no result', async () => {
    const { ops } = await withOp({ strategy: noCommit() })
    expect(await ops.untrackIndex()).toEqual({ status: 'skipped', reason: 'disabled' })
  })
})
