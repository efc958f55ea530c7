// Which records ledgers hold, without reading them: for the doctor, which compares blob ids and reads only what differs.

import type { OpId } from '@kitty/record'
import { gitFields } from '../git/query.js'
import { opOfLedgerPath } from './layout.js'

/** `<mode> blob <id>\t<path>` of a regular file. */
const ENTRY = /^100\d{3} blob ([0-9a-f]+)\t(.*)$/s

/**
 * Returns the blobs of the records that a ledger holds at their own paths, by Op.
 *
 * @throws KittyError `GIT_FAILED` if the ledger is damaged, `GIT_NOT_STARTED`.
 */
export const recordsInLedger = async (
  root: string,
  { ref, tip }: { readonly ref: string; readonly tip: string },
): Promise<ReadonlyMap<OpId, string>> => {
  const args = ['ls-tree', '-r', '-z', '--full-tree', tip]
  const records = new Map<OpId, string>()
  await gitFields(root, args, { what: `list the records in ${ref}` }, (entry) => {
    const [, blob, path = ''] = ENTRY.exec(entry.toString()) ?? []
    const id = opOfLedgerPath(path)
    if (blob !== undefined && id !== undefined) records.set(id, blob)
  })
  return records
}
