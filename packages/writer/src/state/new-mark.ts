import type { OpId } from '@kitty/record'
import { selfOwner } from '../lock/owner.js'
import type { OpsContext } from '../ops/ops-options.js'
import type { Mark } from './intent-store.js'
import { strategyKey } from './strategy-key.js'

/** The mark of a close by this process, under this store's strategy. */
export const newMark = (
  ops: OpsContext,
  id: OpId,
  bytes: Buffer,
  evidence: readonly string[],
): Mark => ({
  invocation_id: id,
  owner: selfOwner(),
  at: Date.now(),
  ...strategyKey(ops.strategy),
  durability: ops.durability,
  evidence,
  bytes,
})
