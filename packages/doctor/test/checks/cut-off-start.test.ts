import { truncate } from 'node:fs/promises'
import { toAbsolute } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { doctorOps } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { newStore, request } from '../support/store.js'

describe('a start that a crash cut off', () => {
  it.each([0, 40])('after %i bytes is an open Op, which a sweep closes', async (length) => {
    const { ops } = await newStore()
    const { invocation_id, path } = await ops.start(request)
    await truncate(toAbsolute(ops.root, path), length)
    const { findings, open_ops } = await doctorOps({ ops })
    expect(findings).toMatchObject([{ id: 'open-op', invocation_id, path }])
    expect(open_ops).toMatchObject([{ invocation_id, profile_id: request.profile_id }])
    const { swept } = await doctorOps({ ops, closeStale: true, thresholdHours: 0 })
    expect(swept).toBe(1)
    expect((await ops.read(invocation_id)).record).toMatchObject({ status: 'closed', problems: [] })
    await expectHealthy(ops)
  })
})
