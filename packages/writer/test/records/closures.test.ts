import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, upstreamAt, upstreamClosure } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { AlreadyClosedError, openOps } from '../../src/index.js'
import { hasClosures, isNamedInClosures } from '../../src/internals.js'

const PATH = 'kitty-ops/op-closures.jsonl'

const sweptStore = async () => {
  const repository = await newRepository()
  const upstream = await upstreamAt(repository.path)
  const ops = await openOps({ root: repository.path })
  const id = await upstream.open()
  await repository.git('add', '--', 'kitty-ops')
  await repository.commit('Everything')
  return { repository, upstream, ops, id }
}

describe('op-closures.jsonl', () => {
  it('closes what it names for every reader, at once and as long as it is there', async () => {
    const { repository, upstream, ops, id } = await sweptStore()
    expect((await ops.list({ status: 'open' })).map((op) => op.invocation_id)).toEqual([id])
    expect(hasClosures(repository.path)).toBe(false)
    await upstream.sweep(id)
    expect(await ops.list()).toMatchObject([{ status: 'closed', outcome: 'abandoned' }])
    expect((await ops.read(id)).record).toMatchObject({ status: 'closed', beside: true })
    expect(isNamedInClosures(repository.path, id)).toBe(true)
    await writeFile(join(repository.path, PATH), 'not json\n')
    expect(await ops.list()).toMatchObject([{ status: 'open' }])
    expect(hasClosures(repository.path)).toBe(true)
  })

  it('is not followed if it is a link', async () => {
    const { repository, ops, id } = await sweptStore()
    await repository.write('elsewhere.jsonl', upstreamClosure(id))
    await symlink('../elsewhere.jsonl', join(repository.path, PATH))
    expect(await ops.list()).toMatchObject([{ status: 'open' }])
  })

  it('leaves nothing to close: a close is refused, or repeated, and neither file changes', async () => {
    const { repository, upstream, ops, id } = await sweptStore()
    await upstream.sweep(id)
    const before = [await repository.read(PATH), (await ops.read(id)).bytes.toString()]
    const again = await ops.complete(id, { outcome: 'abandoned' })
    expect(again).toMatchObject({
      already: true,
      commit: { status: 'skipped', reason: 'closed-beside' },
    })
    const refused = ops.complete(id, { outcome: 'done' })
    await expect(refused).rejects.toThrow(AlreadyClosedError)
    await expect(refused).rejects.toThrow(PATH)
    expect([await repository.read(PATH), (await ops.read(id)).bytes.toString()]).toEqual(before)
    expect(await ops.pending()).toEqual([])
  })
})
