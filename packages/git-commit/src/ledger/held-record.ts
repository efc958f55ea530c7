import type { OpId } from '@kitty/record'
import { readLedgers } from '../inspect/ledger-copies.js'
import { listLedgers } from '../inspect/ledgers.js'

/** Returns the closed record of an Op in the ledgers, and the tip of the ledger; `undefined` if none has it. */
export const heldRecord = async (
  root: string,
  id: OpId,
): Promise<{ readonly bytes: Buffer; readonly sha: string } | undefined> => {
  const { copies } = await readLedgers(root, await listLedgers(root), { ids: [id] })
  const [copy] = copies.get(id) ?? []
  return copy && { bytes: copy.bytes, sha: copy.ledger.tip }
}
