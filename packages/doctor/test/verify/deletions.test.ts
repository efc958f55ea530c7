import { tempFolder } from '@kitty/test-kit'
import { archivedPath, recordPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { doctorOps, restoreOps } from '../../src/index.js'
import { closedOp, newStore, newVisibleStore, request, type Store } from '../support/store.js'
import { verifyBranch } from '../support/verify-branch.js'

const gate = ({ repository }: Store, since?: string) =>
  verifyBranch({ root: repository.path, ...(since !== undefined && { since }) })

const FINE = { ok: true, violations: [] }

describe('a closed record that a commit deleted', () => {
  it('is a violation until it is restored by the recommended steps', async () => {
    const store = await newStore()
    const { repository, ops } = store
    const { id, path } = await closedOp(ops)
    await repository.git('rm', '--quiet', path)
    await repository.git('commit', '--quiet', '-m', 'Tidied')
    const { violations } = await gate(store)
    expect(violations).toMatchObject([{ id: 'deleted-record', invocation_id: id, path }])
    expect(violations[0]?.next.slice(1)).toEqual([{ verb: 'restore', id }, { verb: 'fix' }])
    await restoreOps({ ops, ids: [id] })
    await doctorOps({ ops, fix: true })
    expect(await gate(store)).toMatchObject(FINE)
  })

  it('is reported together with all others', async () => {
    const store = await newStore()
    const ids = [await closedOp(store.ops), await closedOp(store.ops)].map(({ id }) => id)
    await store.ops.archive({ olderThanDays: 0, keep: 1 })
    await store.repository.git('rm', '--quiet', '-r', 'kitty-ops')
    await store.repository.git('commit', '--quiet', '-m', 'No more of this')
    const { ok, violations } = await gate(store)
    expect(ok).toBe(false)
    expect(violations).toMatchObject([{ id: 'deleted-record', invocation_ids: ids.sort() }])
  })

  it('is one for --since where it was there then, or came in after it', async () => {
    const store = await newStore()
    const { git } = store.repository
    const { path } = await closedOp(store.ops)
    await git('tag', 'there')
    await git('rm', '--quiet', path)
    await git('commit', '--quiet', '-m', 'Tidied')
    await git('tag', 'gone')
    await closedOp(store.ops)
    expect(await gate(store, 'there')).toMatchObject({
      violations: [{ id: 'deleted-record', path }],
    })
    expect(await gate(store, 'gone')).toMatchObject(FINE)
    const later = await closedOp(store.ops)
    await git('rm', '--quiet', later.path)
    await git('commit', '--quiet', '-m', 'Tidied again')
    const { violations } = await gate(store, 'gone')
    expect(violations).toMatchObject([{ id: 'deleted-record', path: later.path }])
  })

  it('is not reported if it only moved, or was added elsewhere after the branches diverged', async () => {
    const store = await newStore()
    const { repository, ops } = store
    const { id } = await closedOp(ops)
    await repository.git('checkout', '--quiet', '-b', 'side')
    await closedOp(ops)
    await repository.git('checkout', '--quiet', 'work')
    await repository.git('mv', recordPath(id), 'kitty-ops/notes.jsonl')
    await repository.git('commit', '--quiet', '-m', 'Renamed')
    expect((await gate(store, 'side')).violations).toMatchObject([{ id: 'misnamed' }])
    await repository.git('reset', '--quiet', '--hard', 'HEAD~1')
    await ops.archive({ olderThanDays: 0 })
    expect(await repository.git('ls-tree', '--name-only', 'HEAD', archivedPath(id))).not.toBe('')
    expect(await gate(store, 'side')).toMatchObject(FINE)
    expect(await gate(store, 'HEAD~1')).toMatchObject(FINE)
  })

  it('is one in a shallow clone as far as that reaches', async () => {
    const store = await newStore()
    const { git, path: root } = store.repository
    const { path } = await closedOp(store.ops)
    await git('rm', '--quiet', path)
    await git('commit', '--quiet', '-m', 'Tidied')
    const clones = await Promise.all(
      ['1', '2'].map(async (depth) => {
        const clone = await tempFolder()
        await git('clone', '--quiet', '--depth', depth, `file://${root}`, clone)
        return verifyBranch({ root: clone })
      }),
    )
    expect(clones).toMatchObject([FINE, { violations: [{ id: 'deleted-record', path }] }])
  })
})

describe('a merge that takes the older side', () => {
  it('is seen by --since too', async () => {
    const store = await newVisibleStore()
    const { repository, ops } = store
    const { id, path } = await ops.start(request)
    await repository.commit('Everything')
    const open = await repository.read(path)
    await repository.git('branch', 'side')
    await ops.complete(id, { outcome: 'done' })
    const { path: other } = await closedOp(ops)
    await repository.git('checkout', '--quiet', 'side')
    expect(await repository.read(path)).toBe(open)
    expect(await gate(store, 'work')).toMatchObject(FINE)
    await repository.git('merge', '--quiet', '-s', 'ours', '-m', 'Ours', 'work')
    const found = [
      { id: 'changed-after-close', path },
      { id: 'deleted-record', path: other },
    ]
    expect((await gate(store)).violations).toMatchObject(found)
    expect((await gate(store, 'work')).violations).toMatchObject(found)
    await repository.git('checkout', '--quiet', 'work', '--', path)
    await restoreOps({ ops, ids: [other.slice('kitty-ops/'.length, -'.jsonl'.length)] })
    await repository.commit('Back')
    expect(await gate(store, 'work')).toMatchObject(FINE)
  })
})
