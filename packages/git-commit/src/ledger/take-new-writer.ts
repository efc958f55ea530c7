import { ok, type Result, stop } from '../git/result.js'
import { readRefTip } from '../repository/head.js'
import type { OpenLedger } from './ledger-place.js'
import { moveToNewWriter, type NewWriter } from './move-writer.js'
import {
  type LedgerOptions,
  lockTimeout,
  openLedger,
  resolveLedgerOptions,
  withLedgerLock,
} from './open-ledger.js'
import { readOwnLedger } from './own-ledger.js'
import { readOwnWriter } from './own-writer.js'

const renew = async (place: OpenLedger): Promise<Result<NewWriter | undefined>> => {
  const { root, workTree, ref } = place
  const isStill = readOwnWriter(workTree.commonDir) === place.writer
  // Somebody moved the ref back to where it was, or another process took a new writer.
  if (!isStill || (await readOwnLedger(root))?.rewoundFrom === undefined) return ok(undefined)
  return moveToNewWriter(place, await readRefTip(workTree, ref))
}

/**
 * Accepts that the ledger of this clone was rewound: takes a new writer, whose ref starts where the old one is now, and
 * removes the old ref. Returns `undefined` if it is not rewound. A crash leaves nothing that the next call does not
 * finish.
 */
export const takeNewWriter = async (
  root: string,
  options?: LedgerOptions,
): Promise<Result<NewWriter | undefined>> => {
  const resolved = resolveLedgerOptions(options)
  const place = await openLedger(root, resolved)
  if (!place.ok) return place
  const done = await withLedgerLock(place.value, resolved, () => renew(place.value))
  return done ?? stop(lockTimeout)
}
