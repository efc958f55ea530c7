import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { newOpId } from '@kitty/record'
import { closedRecordText, DAMAGE, nulTail, openRecordText } from '@kitty/test-kit'
import { recordPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { doctorOps } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { closedOp, newStore } from '../support/store.js'

const checks = ['unreadable-record']

describe('a record that is damaged', () => {
  it.each(
    Object.entries(DAMAGE).filter(([name]) => !/order mark|line endings|conflict/.test(name)),
  )('by %s is an error', async (_, damage) => {
    const { repository, ops } = await newStore()
    const id = newOpId()
    await repository.write(recordPath(id), damage(closedRecordText({ id })))
    const { healthy, findings } = await doctorOps({ ops, checks })
    expect(healthy).toBe(false)
    expect(findings).toMatchObject([
      {
        id: 'unreadable-record',
        severity: 'error',
        invocation_id: id,
        path: recordPath(id),
        message: expect.stringMatching(/^The record is damaged: line \d/),
        fixable: false,
      },
    ])
  })

  it('at its end can be closed all the same, and then there is nothing to do', async () => {
    const { repository, ops } = await newStore()
    const id = newOpId()
    await repository.write(recordPath(id), nulTail(closedRecordText({ id })))
    const before = await doctorOps({ ops, checks })
    expect(before.findings[0]?.next).toEqual([{ verb: 'close', id }])
    await ops.complete(id, { outcome: 'abandoned' })
    const { healthy, findings } = await doctorOps({ ops })
    expect(healthy).toBe(true)
    expect(findings).toMatchObject([{ id: 'unreadable-record', severity: 'info' }])
    expect(findings[0]?.message).toContain('its outcome is known')
    await expectHealthy(ops)
  })

  it('by a close that was cut off is complete again once it is closed', async () => {
    const { repository, ops } = await newStore()
    const id = newOpId()
    const text = closedRecordText({ id })
    await repository.write(recordPath(id), text.slice(0, text.indexOf('\n') + 10))
    await doctorOps({ ops, closeStale: true, thresholdHours: 0 })
    expect((await doctorOps({ ops })).findings).toEqual([])
    await expectHealthy(ops)
  })

  it('at its start cannot be closed, and git restores it', async () => {
    const { repository, ops } = await newStore()
    const { path } = await closedOp(ops)
    await repository.write(path, '{"event":"STA')
    const { findings } = await doctorOps({ ops, fix: true })
    expect(findings).toMatchObject([
      { id: 'changed-after-close', severity: 'error', path, fixable: false },
      { id: 'unreadable-record', severity: 'error', path },
    ])
    for (const { next } of findings) expect(next).toContainEqual({ verb: 'git-checkout', path })
    await repository.git('checkout', '--quiet', 'HEAD', '--', path)
    await expectHealthy(ops)
  })
})

describe('what is not a file', () => {
  it('but a folder, is an error and hides nothing else', async () => {
    const { repository, ops } = await newStore()
    const id = newOpId()
    await mkdir(join(repository.path, recordPath(id)), { recursive: true })
    const other = newOpId()
    await repository.write(recordPath(other), openRecordText({ id: other }))
    const { findings, open_ops } = await doctorOps({ ops, checks })
    expect(findings).toMatchObject([{ severity: 'error', path: recordPath(id) }])
    expect(open_ops).toMatchObject([{ invocation_id: other }])
    await rm(join(repository.path, recordPath(id)), { recursive: true })
    await ops.complete(other, { outcome: 'done' })
    await expectHealthy(ops)
  })
})
