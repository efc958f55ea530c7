import { isOpId, type OpId, parseOpRecord } from '@kitty/record'
import type { OpFile, Ops } from '@kitty/writer'
import type { Io } from '../command/io.js'
import type { ListedOp } from '../command/listed-op.js'
import type { Note } from '../command/result.js'
import { listedElsewhere, unsettledElsewhere } from './elsewhere.js'
import { fileInLedgers, findInLedgers } from './in-ledgers.js'
import { type InHead, placesOf, readInHead } from './places.js'

/** Ops that have no record on the disk here, which are read when they are needed. */
export type OtherOps = {
  /** Newest first, each once. Not each is an Op: only reading shows that. */
  readonly ids: readonly OpId[]
  readonly read: (ids: readonly OpId[]) => Promise<readonly ListedOp[]>
}

/** Ops, where their records are, and a warning for each ledger that could not be read. */
export type LocatedOps = { readonly ops: readonly ListedOp[]; readonly notes: readonly Note[] }

/** The Ops of the repository. */
export type EveryOp = {
  readonly others: OtherOps
  /** Adds to listed Ops where their records are. Returns with them what kept Ops from being read. */
  readonly located: (ops: readonly ListedOp[]) => Promise<LocatedOps>
}

/** Reads records that only HEAD has. */
const readOnlyInHead = async (
  root: string,
  head: InHead,
  ids: readonly OpId[],
): Promise<readonly OpFile[]> => {
  if (ids.length === 0) return []
  const { readBlobs } = await import('@kitty/git-commit/inspect')
  const places = ids.flatMap((id) => {
    const place = head.get(id)
    return place === undefined ? [] : [{ id, ...place }]
  })
  const blobs = await readBlobs(
    root,
    places.map(({ blob }) => blob),
  )
  return places.flatMap(({ id, path, blob }) => {
    const bytes = blobs.get(blob)
    return bytes === undefined ? [] : [{ bytes, path, record: parseOpRecord(bytes, { opId: id }) }]
  })
}

/**
 * Finds every Op that the clone knows and whose record is not on the disk here: open and pending ones of other work
 * trees, those that only HEAD has, and those of the ledgers.
 */
export const everyOp = async (io: Io, store: Ops): Promise<EveryOp> => {
  const { root } = store
  const { listRecords, readRecord, summaryOf } = await import('@kitty/writer/internals')
  const [unsettled, head, ledgers] = await Promise.all([
    unsettledElsewhere(io, store),
    readInHead(root),
    findInLedgers(root),
  ])
  const onDisk = new Set((await listRecords(root)).map(({ id }) => id))
  const away = new Map(unsettled.map((op) => [op.id, op]))
  const all = new Set([...away.keys(), ...head.keys(), ...ledgers.ids])
  const ids = [...all].filter((id) => !onDisk.has(id)).toSorted((a, b) => (a < b ? 1 : -1))

  const read = async (wanted: readonly OpId[]): Promise<readonly ListedOp[]> => {
    const settled = wanted.filter((id) => !away.has(id))
    const inHead = await readOnlyInHead(root, head, settled)
    const rest = settled.filter((id) => !head.has(id))
    const copies = await ledgers.read(rest)
    const files = await Promise.all(rest.map((id) => fileInLedgers(copies, id)))
    const found = [...inHead, ...files].map((file) => file && summaryOf(file))
    const elsewhere = wanted.map(async (id) => {
      const op = away.get(id)
      return op && listedElsewhere(op)
    })
    return [...(await Promise.all(elsewhere)), ...found].filter((op) => op !== undefined)
  }
  const knownOf = async (id: OpId) => {
    const other = away.get(id)
    if (other === undefined) {
      const file = onDisk.has(id) ? await readRecord(root, id).catch(() => undefined) : undefined
      return { disk: file?.bytes }
    }
    return other.from === 'record' ? { disk: other.file.bytes } : { state: other.file.bytes }
  }
  return {
    others: { ids, read },
    located: async (ops) => {
      const shown = ops.map(({ invocation_id }) => invocation_id)
      const known = await Promise.all(shown.map(async (id) => [id, await knownOf(id)] as const))
      const inLedgers = await ledgers.read(shown.filter(isOpId))
      const places = await placesOf(root, new Map(known), head, inLedgers)
      const located = ops.map((op) => ({ ...op, ...places.get(op.invocation_id) }))
      return { ops: located, notes: inLedgers.notes }
    },
  }
}
