import { appendFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { newOpId } from '@kitty/record'
import { closedRecordText } from '@kitty/test-kit'
import {
  INDEX_PATH,
  LIFECYCLE_PATH,
  PROPAGATION_ERRORS_PATH,
  recordPath,
} from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { doctorOps } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { closedOp, newStore, storeAt } from '../support/store.js'

describe('the index', () => {
  it('that contradicts records or cannot be read is rebuilt', async () => {
    const { repository, ops } = await newStore()
    await closedOp(ops)
    await ops.reindex()
    const rows = await repository.read(INDEX_PATH)
    await repository.write(INDEX_PATH, `<<<<<<< HEAD\n${rows.replace('"done"', '"failed"')}`)
    const { findings } = await doctorOps({ ops, checks: ['index-rows'] })
    expect(findings.map(({ severity, message }) => [severity, message.split('.')[0]])).toEqual([
      ['warning', 'The index contradicts the record of 1 Op'],
      ['warning', 'The index cannot be read in line 1'],
    ])
    const plan = await doctorOps({ ops, fix: true, dryRun: true })
    expect(plan.fixed[0]?.message).toBe(`Would rebuild ${INDEX_PATH}.`)
    await doctorOps({ ops, fix: true })
    expect(await repository.read(INDEX_PATH)).toBe(rows)
    await expectHealthy(ops)
  })

  it('that is too long is worth a line, and rows of unknown Ops are not', async () => {
    const { repository, ops } = await newStore()
    await closedOp(ops)
    await ops.reindex()
    const row = await repository.read(INDEX_PATH)
    const id = /"invocation_id":"(\w+)"/.exec(row)?.[1] ?? ''
    const rows = Array.from({ length: 600 }, (_, at) => row.replace(id, newOpId(at + 1)))
    await appendFile(join(repository.path, INDEX_PATH), rows.join(''))
    const { healthy, findings } = await doctorOps({ ops })
    expect(healthy).toBe(true)
    expect(findings).toMatchObject([{ id: 'index-rows', severity: 'info', fixable: true }])
    expect(findings[0]?.message).toContain('601 rows')
    await doctorOps({ ops, fix: true })
    expect(await repository.read(INDEX_PATH)).toBe(row)
    await expectHealthy(ops)
  })
})

describe('the pairing log', () => {
  const step = {
    agent: 'claude',
    at: '2026-11-23T06:13:50.031Z',
    mission_id: '01KWVD6Y5CC8ARAKD3JZAJEXBX',
    reason: null,
    wp_id: null,
  }

  it('has its unreadable lines named, and its steps without an end counted', async () => {
    const { repository, ops } = await newStore()
    for (const name of ['plan::a', 'plan::b', 'plan::c', 'plan::d']) {
      await ops.lifecycle.append({ ...step, canonical_action_id: name, phase: 'started' })
    }
    const log = join(repository.path, LIFECYCLE_PATH)
    await appendFile(log, '\n=======\n{"torn\n1\n2\n3\n4\n')
    const { findings } = await doctorOps({ ops })
    expect(findings).toMatchObject([
      { id: 'lifecycle-lines', severity: 'warning', path: LIFECYCLE_PATH },
      { id: 'unpaired-steps', severity: 'info', path: LIFECYCLE_PATH },
    ])
    expect(findings[0]?.message).toContain('lines 6, 7, 8, 9, 10 and 1 more')
    expect(findings[1]?.message).toContain('4 of 4 steps')
    expect(findings[1]?.message).toContain('and 1 more); 0% of the starts')
    await rm(log)
    await ops.lifecycle.append({ ...step, canonical_action_id: 'plan::a', phase: 'started' })
    await ops.lifecycle.append({ ...step, canonical_action_id: 'plan::a', phase: 'completed' })
    expect((await doctorOps({ ops })).findings).toEqual([])
    await expectHealthy(ops)
  })
})

describe('what was not passed to a propagator', () => {
  it('is a warning until it is settled', async () => {
    const { repository } = await newStore()
    const submit = () => Promise.reject(new Error('No such host'))
    const ops = await storeAt(repository.path, { propagator: { submit } })
    await closedOp(ops)
    await ops.flush()
    const { findings } = await doctorOps({ ops })
    expect(findings).toMatchObject([{ id: 'propagation-errors', severity: 'warning' }])
    expect(findings[0]?.message).toContain('2 events were not passed to another system')
    await rm(join(repository.path, PROPAGATION_ERRORS_PATH))
    await expectHealthy(await storeAt(repository.path))
  })
})

describe('the hot folder', () => {
  it('with thousands of records should be archived', async () => {
    const { repository, ops } = await newStore()
    for (let number = 1; number <= 5000; number += 1) {
      const id = newOpId(number)
      await repository.write(recordPath(id), closedRecordText({ id }))
    }
    const { healthy, findings } = await doctorOps({ ops, checks: ['full-hot-folder'] })
    expect(healthy).toBe(true)
    expect(findings[0]?.message).toContain('holds 5000 records')
    expect(findings[0]?.next).toEqual([{ verb: 'archive-old' }])
  })
})
