import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tempFolder } from '@kitty/test-kit'
import { archivedPath, stateDirOf } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { restoreOps } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { closedOp, newStore, pendingOps, request, storeAt } from '../support/store.js'

describe('restoring', () => {
  it('restores everything after the documented `git clean -fdx`, pending Ops too', async () => {
    const store = await newStore()
    const { repository, ops } = store
    const committed = await closedOp(ops)
    const [pending] = await pendingOps(store, 1)
    const paths = [committed.path, pending?.path ?? '']
    const before = await Promise.all(paths.map((path) => repository.read(path)))
    await repository.git('clean', '--quiet', '-fdx', 'kitty-ops')
    await rm(join(repository.path, committed.path))
    const { restored, left } = await restoreOps({ ops })
    expect(restored.map(({ path, from, how }) => ({ path, from, how }))).toEqual([
      { path: paths[0], from: 'head', how: 'created' },
      { path: paths[1], from: 'intent', how: 'created' },
    ])
    expect(left).toEqual([])
    expect(await Promise.all(paths.map((path) => repository.read(path)))).toEqual(before)
    await ops.flush({ allStrategies: true })
    await expectHealthy(ops)
  })

  it('finds nothing to do where nothing is missing', async () => {
    const { ops } = await newStore()
    await closedOp(ops)
    await ops.start(request)
    expect(await restoreOps({ ops })).toEqual({ restored: [], left: [] })
  })

  it('takes the beginning of an id, and leaves the others', async () => {
    const { repository, ops } = await newStore()
    const [wanted, other] = [await closedOp(ops), await closedOp(ops)]
    await rm(join(repository.path, 'kitty-ops'), { recursive: true })
    const id = wanted.invocation_id.slice(0, 25).toLowerCase()
    const { restored } = await restoreOps({ ops, ids: [id, wanted.invocation_id] })
    expect(restored.map(({ invocation_id }) => invocation_id)).toEqual([wanted.invocation_id])
    await expect(repository.read(other.path)).rejects.toThrow('ENOENT')
  })

  it('adds what was cut off, and overwrites nothing', async () => {
    const { repository, ops } = await newStore()
    const [cut, other] = [await closedOp(ops), await closedOp(ops)]
    const bytes = await repository.read(cut.path)
    await repository.write(cut.path, bytes.slice(0, -20))
    await repository.write(other.path, 'mine\n')
    const ids = [cut.invocation_id, other.invocation_id]
    const { restored, left } = await restoreOps({ ops, ids })
    expect(restored).toMatchObject([{ invocation_id: cut.invocation_id, how: 'finished' }])
    expect(left).toMatchObject([{ invocation_id: other.invocation_id, code: 'RECORD_DIFFERS' }])
    expect(await repository.read(cut.path)).toBe(bytes)
    expect(await repository.read(other.path)).toBe('mine\n')
    const again = await restoreOps({ ops, ids: [cut.invocation_id] })
    expect(again.left).toMatchObject([{ code: 'PRESENT' }])
  })

  it('gives an archived record no second file', async () => {
    const { repository, ops } = await newStore()
    const op = await closedOp(ops)
    const archived = archivedPath(op.invocation_id)
    await repository.write(archived, await repository.read(op.path))
    await rm(join(repository.path, op.path))
    const { left } = await restoreOps({ ops, ids: [op.invocation_id] })
    expect(left).toMatchObject([{ path: archived, code: 'PRESENT' }])
    await expect(repository.read(op.path)).rejects.toThrow('ENOENT')
  })

  it('says what is not in this clone', async () => {
    const { repository, ops } = await newStore()
    const op = await closedOp(ops)
    const blob = await repository.git('rev-parse', `HEAD:${op.path}`)
    await rm(join(repository.path, '.git', 'objects', blob.slice(0, 2), blob.slice(2)))
    await rm(join(repository.path, op.path))
    const { left } = await restoreOps({ ops })
    expect(left).toMatchObject([{ code: 'OBJECTS_MISSING', path: op.path }])
  })

  it('leaves an Op that another process is closing', async () => {
    const store = await newStore()
    const { repository, ops } = store
    const [closing, other] = await pendingOps(store, 2)
    const { dir } = await stateDirOf(repository.path)
    const { invocation_id: open } = await ops.start(request)
    const { opener } = JSON.parse(await readFile(join(dir, 'started', `${open}.json`), 'utf8'))
    const intent = join(dir, 'pending', closing?.invocation_id ?? '')
    const text = await readFile(intent, 'utf8')
    const end = text.indexOf('\n')
    const header = { ...JSON.parse(text.slice(0, end)), owner: opener, at: Date.now() }
    await writeFile(intent, `${JSON.stringify(header)}${text.slice(end)}`)
    for (const op of [closing, other]) await rm(join(repository.path, op?.path ?? ''))
    const ids = [closing, other].flatMap((op) => op?.invocation_id ?? [])
    expect(await restoreOps({ ops, ids })).toMatchObject({
      restored: [{ path: other?.path, from: 'intent' }],
      left: [{ invocation_id: closing?.invocation_id, code: 'CLOSE_IN_PROGRESS' }],
    })
  })

  it('goes on past a record whose place is taken', async () => {
    const { repository, ops } = await newStore()
    const [blocked, free] = [await closedOp(ops), await closedOp(ops)]
    await rm(join(repository.path, 'kitty-ops'), { recursive: true })
    await mkdir(join(repository.path, blocked.path), { recursive: true })
    const ids = [blocked.invocation_id, free.invocation_id]
    expect(await restoreOps({ ops, ids })).toMatchObject({
      restored: [{ path: free.path }],
      left: [{ path: blocked.path, code: 'NOT_A_FILE' }],
    })
  })

  it('refuses an unknown Op', async () => {
    const { ops } = await newStore()
    await expect(restoreOps({ ops, ids: ['01K'] })).rejects.toMatchObject({ code: 'OP_NOT_FOUND' })
  })

  it('works from an intent outside git', async () => {
    const root = await tempFolder()
    const ops = await storeAt(root)
    const op = await closedOp(ops)
    await rm(join(root, op.path))
    const { restored } = await restoreOps({ ops })
    expect(restored).toMatchObject([{ path: op.path, from: 'intent' }])
  })
})
