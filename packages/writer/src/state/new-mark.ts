import type { OpId } from '@kitty/record'
import type { Mark } from './intents.js'
import type { OpsContext } from './ops-options.js'
import { selfOwner } from './owner.js'
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
