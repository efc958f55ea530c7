import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { newOpId, type OpId } from '@kitty/record'
import { closedRecordText, openRecordText } from '@kitty/test-kit'
import type { Ops } from '../../src/ops/ops.js'
import { type CloseIntent, strategyFingerprint } from '../../src/state/intent.js'
import { createIntent } from '../../src/state/intent-store.js'
import { putRecord } from './records.js'
import { deadOwner, stateOf } from './store.js'

/** How much of the close is on disk, from 0 to 1; or the record is missing. */
export type OnDisk = number | 'nothing'

/** Leaves an Op as a process does that died while closing it: part of the record, and the intent. */
export const leaveBehind = async (ops: Ops, onDisk: OnDisk, more: Partial<CloseIntent> = {}) => {
  const id: OpId = newOpId()
  const [open, closed] = [openRecordText({ id }), closedRecordText({ id })]
  if (onDisk !== 'nothing') {
    const cut = open.length + Math.round((closed.length - open.length) * onDisk)
    await putRecord(ops.root, id, closed.slice(0, cut))
  }
  const state = await stateOf(ops)
  await mkdir(join(state, 'pending'), { recursive: true })
  await createIntent(state, {
    id,
    owner: deadOwner(),
    ownedSince: Date.now(),
    ...strategyFingerprint({ name: 'mine', commit: async () => [] }),
    durability: 'process',
    evidence: [],
    bytes: Buffer.from(closed),
    ...more,
  })
  return { id, closed, open }
}
