import type { Ops } from '@kitty/writer'
import { expect } from 'vitest'
import { doctorOps } from '../../src/index.js'
import { closedOp } from './store.js'

/** The store is healthy and still takes Ops, and is healthy after that. */
export const expectHealthy = async (ops: Ops): Promise<void> => {
  expect(await doctorOps({ ops })).toMatchObject({ healthy: true, open_ops: [] })
  const { id } = await closedOp(ops)
  expect((await ops.read(id)).record.status).toBe('closed')
  expect(await doctorOps({ ops })).toMatchObject({ healthy: true, open_ops: [] })
}
