import { noCommit } from '@kitty/git-commit'
import { describe, expect, it } from 'vitest'
import { doctorOps } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { closedOp, newStore, newVisibleStore, request, storeAt } from '../support/store.js'

const checks = ['committed-while-open', 'open-op', 'uncommitted', 'staged-open-op']

describe('an open Op whose record was committed', () => {
  it('is a warning beside its being open, and is in order once it is closed', async () => {
    const { repository, ops } = await newVisibleStore()
    const op = await ops.start(request)
    await repository.commit('Everything I have')
    const { findings } = await doctorOps({ ops, checks, fix: true })
    expect(findings).toMatchObject([
      {
        id: 'committed-while-open',
        severity: 'warning',
        invocation_id: op.id,
        path: op.path,
        fixable: false,
        next: [{ verb: 'close', id: op.id }],
      },
      { id: 'open-op' },
    ])
    await ops.complete(op.id, { outcome: 'done' })
    expect(await repository.git('show', `HEAD:${op.path}`)).toContain('"completed"')
    await expectHealthy(ops)
  })

  it('is one too when it has grown since', async () => {
    const { repository, ops } = await newVisibleStore()
    const op = await ops.start(request)
    await repository.commit('Everything I have')
    await repository.write(op.path, `${await repository.read(op.path)}{"event":"note"}\n`)
    const { findings } = await doctorOps({ ops, checks })
    expect(findings.map(({ id }) => id)).toEqual(['committed-while-open', 'open-op'])
  })

  it('is not found if only closed records are in git', async () => {
    const { repository, ops } = await newStore(noCommit())
    await closedOp(ops)
    await repository.commit('Everything I have')
    await ops.start(request)
    const { findings } = await doctorOps({ ops: await storeAt(repository.path), checks })
    expect(findings.map(({ id }) => id)).toEqual(['open-op'])
  })
})
