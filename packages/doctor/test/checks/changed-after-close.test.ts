import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { archivedPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { doctorOps } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { closedOp, newStore } from '../support/store.js'

describe('a record that changed after it was committed as closed', () => {
  it('is an error, is never committed, and git restores it', async () => {
    const { repository, ops } = await newStore()
    const op = await closedOp(ops)
    const bytes = await repository.read(op.path)
    await repository.write(op.path, bytes.replace('"done"', '"failed"'))
    const head = await repository.head()
    const { healthy, findings, fixed } = await doctorOps({ ops, fix: true })
    expect(healthy).toBe(false)
    expect(findings).toMatchObject([
      {
        id: 'changed-after-close',
        severity: 'error',
        invocation_id: op.invocation_id,
        path: op.path,
        fixable: false,
      },
    ])
    expect(findings[0]?.next).toContainEqual({ verb: 'git-checkout', path: op.path })
    expect(fixed).toEqual([])
    expect(await repository.head()).toBe(head)
    await repository.git('checkout', '--quiet', 'HEAD', '--', op.path)
    expect(await repository.read(op.path)).toBe(bytes)
    await expectHealthy(ops)
  })

  it('is one too when it was archived meanwhile', async () => {
    const { repository, ops } = await newStore()
    const op = await closedOp(ops)
    const bytes = await repository.read(op.path)
    await repository.write(archivedPath(op.invocation_id), `${bytes}\n`)
    await rm(join(repository.path, op.path))
    const { findings } = await doctorOps({ ops })
    expect(findings).toMatchObject([{ id: 'changed-after-close', severity: 'error' }])
  })

  it('is unknown if the clone lacks HEAD’s version', async () => {
    const { repository, ops } = await newStore()
    const op = await closedOp(ops)
    const blob = await repository.git('rev-parse', `HEAD:${op.path}`)
    await repository.write(op.path, `${await repository.read(op.path)}\n`)
    const object = join('.git', 'objects', blob.slice(0, 2), blob.slice(2))
    await rm(join(repository.path, object), { force: true })
    await repository.git('config', 'remote.origin.promisor', 'true')
    const { findings } = await doctorOps({ ops, checks: ['changed-after-close', 'uncommitted'] })
    expect(findings).toMatchObject([
      {
        id: 'changed-after-close',
        severity: 'warning',
        message: expect.stringContaining('not in this clone'),
      },
    ])
  })

  it('and is cut off, gets its end back, and is never taken for an open Op', async () => {
    const { repository, ops } = await newStore()
    const op = await closedOp(ops)
    const bytes = await repository.read(op.path)
    const [first = ''] = bytes.split('\n')
    await repository.write(op.path, `${first}\n`)
    const before = await doctorOps({ ops, closeStale: true, thresholdHours: 0 })
    expect(before).toMatchObject({ swept: 0, open_ops: [] })
    expect(before.findings).toMatchObject([
      { id: 'changed-after-close', severity: 'error', path: op.path, fixable: true },
    ])
    expect(before.findings[0]?.message).toContain('only its end is missing')
    await doctorOps({ ops, fix: true })
    expect(await repository.read(op.path)).toBe(bytes)
    await expectHealthy(ops)
  })

  it('and is another open one on disk, is for a person to decide', async () => {
    const { repository, ops } = await newStore()
    const op = await closedOp(ops)
    const [first = ''] = (await repository.read(op.path)).split('\n')
    await repository.write(op.path, `${first.replace('investigate', 'meddle')}\n`)
    const { findings, fixed } = await doctorOps({ ops, fix: true })
    expect(fixed).toEqual([])
    expect(findings).toMatchObject([{ id: 'changed-after-close', fixable: false }])
    expect(findings[0]?.next).toContainEqual({ verb: 'git-checkout', path: op.path })
  })
})
