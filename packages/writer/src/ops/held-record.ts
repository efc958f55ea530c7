import type { OpId } from '@kitty/record'
import { fileOf } from '../commit/also-in-ledger.js'
import { isClosedFile } from '../records/record-file.js'
import { readStartNote } from '../state/start-notes.js'
import type { StoreContext } from './context.js'
import { AlreadyClosedError } from './errors.js'
import { ledgerOf } from './gone-ops.js'

/**
 * Throws `ALREADY_CLOSED` if the ledger holds an Op whose record on disk is open: it was closed while its work tree was
 * away, or its file was put back. Only an Op without a start note here can be one.
 */
export const refuseHeld = async (ctx: StoreContext, id: OpId): Promise<void> => {
  if ((await readStartNote(ctx.state, id)) !== undefined) return
  // A ledger that cannot be read keeps no Op from being closed.
  const held = await ledgerOf(ctx.strategy)
    ?.heldRecord?.(ctx.root, id)
    .catch(() => undefined)
  if (held === undefined) return
  const file = fileOf(id, held.bytes)
  if (!isClosedFile(file)) return
  throw new AlreadyClosedError(file, { status: 'committed', sha: held.sha, earlier: true })
}
