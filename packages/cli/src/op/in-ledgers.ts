import type { LedgerContents, LedgerCopy, LedgerOps } from '@kitty/git-commit/inspect'
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

/** The Ops of the ledgers, whose records are read when they are needed. */
export type OpsInLedgers = {
  /** Those that have a file in a ledger. Not each of these files is a record. */
  readonly ids: ReadonlySet<OpId>
  /** Reads some of them, each once. Returns all that was read so far. */
  readonly read: (ids: readonly OpId[]) => Promise<InLedgers>
}

export const NOT_IN_LEDGERS: InLedgers = { copies: new Map(), notes: [] }

const contentsOf = ({ copies, broken }: LedgerContents): InLedgers => {
  const notes = broken.map(({ ledger, message }): Note => {
    return { kind: 'warning', message: `The ledger ${ledger.ref} cannot be read: ${message}` }
  })
  return { copies, notes }
}

/** Runs a function on the ledgers. What is known from elsewhere is shown even if git cannot read them. */
const orWarning = async (read: () => Promise<InLedgers>): Promise<InLedgers> => {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof KittyError)) throw error
    const { message, hint } = error
    return { ...NOT_IN_LEDGERS, notes: [{ kind: 'warning', message, hint }] }
  }
}

const findOps = async (root: string, ids?: readonly OpId[]): Promise<LedgerOps | undefined> => {
  const { findLedgerOps, listLedgers } = await import('@kitty/git-commit/inspect')
  const ledgers = await listLedgers(root)
  return ledgers.length === 0 ? undefined : findLedgerOps(root, ledgers, ids && { ids })
}

/** Finds the Ops in the ledgers of the repository. A ledger that cannot be read gives a warning. */
export const findInLedgers = async (root: string): Promise<OpsInLedgers> => {
  let ops: LedgerOps | undefined
  const failed = await orWarning(async () => {
    ops = await findOps(root)
    return NOT_IN_LEDGERS
  })
  const found = ops ?? { ids: new Set(), read: undefined }
  const copies = new Map<OpId, readonly LedgerCopy[]>()
  const notes = new Map(failed.notes.map((note) => [note.message, note]))
  const unread = new Set(found.ids)
  return {
    ids: found.ids,
    read: async (ids) => {
      const wanted = new Set(ids.filter((id) => unread.delete(id)))
      const more = found.read && (await orWarning(async () => contentsOf(await found.read(wanted))))
      for (const [id, each] of more?.copies ?? []) copies.set(id, each)
      for (const note of more?.notes ?? []) notes.set(note.message, note)
      return { copies, notes: [...notes.values()] }
    },
  }
}

/** Reads what the ledgers hold of some Ops. */
export const readInLedgers = (root: string, ids: readonly OpId[]): Promise<InLedgers> =>
  orWarning(async () => {
    const ops = await findOps(root, ids)
    return ops === undefined ? NOT_IN_LEDGERS : contentsOf(await ops.read())
  })

/** Reads what the ledgers hold of the Ops that an id or a prefix can mean. */
export const readInLedgersFor = async (root: string, prefix: string): Promise<InLedgers> => {
  if (isOpId(prefix)) return readInLedgers(root, [prefix])
  const { ids, read } = await findInLedgers(root)
  return read([...ids].filter((id) => id.startsWith(prefix)))
}

/** The copy of an Op in the ledgers that counts, as a record here. */
export const fileInLedgers = async (
  { copies }: InLedgers,
  id: OpId,
): Promise<OpFile | undefined> => {
  const { recordPath } = await import('@kitty/writer/internals')
  const [copy] = copies.get(id) ?? []
  return copy && { record: copy.record, bytes: copy.bytes, path: recordPath(id) }
}
