import type { LedgerCopy } from '@kitty/git-commit/inspect'
import { isOpId, KittyError, type OpId } from '@kitty/record'
import type { OpFile } from '@kitty/writer'
import type { Note } from '../command/result.js'

/** What the ledgers of the repository hold. */
export type InLedgers = {
  /** The copies of each Op, the one that counts first. */
  readonly copies: ReadonlyMap<OpId, readonly LedgerCopy[]>
  /** A warning for each ledger that cannot be read. */
  readonly notes: readonly Note[]
}

const NOTHING: InLedgers = { copies: new Map(), notes: [] }

/**
 * Reads the ledgers of the repository, all Ops or these. A ledger that cannot be read gives a warning: what is known
 * from elsewhere is shown in any case.
 */
export const readInLedgers = async (root: string, ids?: readonly OpId[]): Promise<InLedgers> => {
  const { listLedgers, readLedgers } = await import('@kitty/git-commit/inspect')
  try {
    const ledgers = await listLedgers(root)
    if (ledgers.length === 0) return NOTHING
    const { copies, broken } = await readLedgers(root, ledgers, ids && { ids })
    const notes = broken.map(({ ledger, message }): Note => {
      return { kind: 'warning', message: `The ledger ${ledger.ref} cannot be read: ${message}` }
    })
    return { copies, notes }
  } catch (error) {
    if (!(error instanceof KittyError)) throw error
    const { message, hint } = error
    return { ...NOTHING, notes: [{ kind: 'warning', message, hint }] }
  }
}

/** Reads what the ledgers hold of the Ops that an id or a prefix can mean. */
export const readInLedgersFor = (root: string, prefix: string): Promise<InLedgers> =>
  readInLedgers(root, isOpId(prefix) ? [prefix] : undefined)

/** The copy of an Op in the ledgers that counts, as a record here. */
export const fileInLedgers = async (
  { copies }: InLedgers,
  id: OpId,
): Promise<OpFile | undefined> => {
  const { recordPath } = await import('@kitty/writer/internals')
  const [copy] = copies.get(id) ?? []
  return copy && { record: copy.record, bytes: copy.bytes, path: recordPath(id) }
}
