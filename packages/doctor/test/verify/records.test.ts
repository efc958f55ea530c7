import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newOpId, parseOpId } from '@kitty/record'
import { DAMAGE, openRecordText } from '@kitty/test-kit'
import { recordPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { doctorOps } from '../../src/index.js'
import { closedOp, newStore, request } from '../support/store.js'
import { verifyBranch } from '../support/verify-branch.js'

describe('a record under the name of another Op', () => {
  it.each(['00000000000000000000000001', '7ZZZZZZZZZZZZZZZZZZZZZZZZZ'].map(parseOpId))(
    'is a violation, and the one that it was copied from is fine: %s',
    async (id) => {
      const { repository, ops } = await newStore()
      const { path, id: invocation_id } = await closedOp(ops)
      await repository.write(recordPath(id), await repository.read(path))
      await repository.commit('A copy')
      const { violations } = await verifyBranch({ root: repository.path })
      expect(violations).toMatchObject([{ id: 'invalid-record', path: recordPath(id) }])
      expect(violations[0]?.message).toContain(`belongs to another Op, ${invocation_id}`)
    },
  )
})

describe('what a crash left in a record before it was closed', () => {
  it.each([
    ['a torn tail', '{"event":"commi'],
    ['a character that was cut through', Buffer.from('{"event":"ü').subarray(0, -1)],
    ['NUL bytes', '\0\0\0\0'],
  ])('is a note as soon as the Op is closed: %s', async (_, tail) => {
    const { repository, ops } = await newStore()
    const { id, path } = await ops.start(request)
    await appendFile(join(repository.path, path), tail)
    await ops.complete(id, { outcome: 'done' })
    expect(await repository.statusPorcelain()).toEqual([])
    expect(await doctorOps({ ops })).toMatchObject({
      healthy: true,
      findings: [{ id: 'unreadable-record', severity: 'info' }],
    })
    expect(await verifyBranch({ root: repository.path })).toMatchObject({
      ok: true,
      notes: [{ id: 'scarred-record', invocation_id: id, path }],
    })
  })

  it('a start time that cannot be read is one too', async () => {
    const { repository, ops } = await newStore()
    const id = newOpId()
    const started = { started_at: 'yesterday' }
    await repository.write(recordPath(id), openRecordText({ id, started }))
    await doctorOps({ ops, closeStale: true })
    expect(await doctorOps({ ops })).toMatchObject({ healthy: true })
    expect(await verifyBranch({ root: repository.path })).toMatchObject({
      ok: true,
      notes: [{ id: 'scarred-record', invocation_id: id }],
    })
  })

  it('is a violation while the Op is open', async () => {
    const { repository } = await newStore()
    const id = newOpId()
    const torn = DAMAGE['a torn tail']?.(`${openRecordText({ id })}{"event":"completed"}\n`) ?? ''
    await repository.write(recordPath(id), torn)
    await repository.commit('Everything')
    const { violations } = await verifyBranch({ root: repository.path })
    expect(violations).toMatchObject([{ id: 'invalid-record', invocation_id: id }])
  })
})
