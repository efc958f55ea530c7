import type { LedgerCopy, LedgerOps } from '@kitty/git-commit/inspect'
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

/** The Ops of the ledgers, which are found and read when they are needed. */
export type OpsInLedgers = {
  /** The UTC months from which a ledger has Ops, such as `2026-11`, newest first. */
  readonly months: readonly string[]
  /** Finds the Ops of some months that have a file in a ledger. Not each of these files is a record. */
  readonly find: (months: readonly string[]) => Promise<ReadonlySet<OpId>>
  /** Reads some of them, each once. Returns all that was read so far. */
  readonly read: (ids: readonly OpId[]) => Promise<InLedgers>
}

export const NOT_IN_LEDGERS: InLedgers = { copies: new Map(), notes: [] }

const warningOf = (error: unknown): Note => {
  if (!(error instanceof KittyError)) throw error
  const { message, hint } = error
  return { kind: 'warning', message, hint }
}

const findOps = async (root: string, ids?: readonly OpId[]): Promise<LedgerOps | undefined> => {
  const { findLedgerOps, listLedgers } = await import('@kitty/git-commit/inspect')
  const ledgers = await listLedgers(root)
  return ledgers.length === 0 ? undefined : findLedgerOps(root, ledgers, ids && { ids })
}

/**
 * Finds the Ops in the ledgers of the repository. A ledger that cannot be read gives a warning; what is known from
 * elsewhere is shown in any case.
 */
export const findInLedgers = async (root: string, ids?: readonly OpId[]): Promise<OpsInLedgers> => {
  const notes = new Map<string, Note>()
  const add = (note: Note): undefined => {
    notes.set(note.message, note)
  }
  const ops = await findOps(root, ids).catch((error: unknown) => add(warningOf(error)))
  const copies = new Map<OpId, readonly LedgerCopy[]>()
  const unread = new Set<OpId>()
  return {
    months: ops?.months ?? [],
    find: async (months) => {
      const found = await ops?.find(months).catch((error: unknown) => add(warningOf(error)))
      for (const id of found ?? []) unread.add(id)
      return found ?? new Set()
    },
    read: async (wanted) => {
      const left = new Set(wanted.filter((id) => unread.delete(id)))
      const more = await ops?.read(left).catch((error: unknown) => add(warningOf(error)))
      for (const [id, each] of more?.copies ?? []) copies.set(id, each)
      for (const { ledger, message } of more?.broken ?? []) {
        add({ kind: 'warning', message: `The ledger ${ledger.ref} cannot be read: ${message}` })
      }
      return { copies, notes: [...notes.values()] }
    },
  }
}

/** Reads what the ledgers hold of some Ops. */
export const readInLedgers = async (root: string, ids: readonly OpId[]): Promise<InLedgers> => {
  const { months, find, read } = await findInLedgers(root, ids)
  return read([...(await find(months))])
}

/** Reads what the ledgers hold of the Ops that an id, or a part of one, can mean. */
export const readInLedgersFor = async (
  root: string,
  typed: string,
  isMatch: (id: OpId) => boolean,
): Promise<InLedgers> => {
  if (isOpId(typed)) return readInLedgers(root, [typed])
  const { months, find, read } = await findInLedgers(root)
  return read([...(await find(months))].filter(isMatch))
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
