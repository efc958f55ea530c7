import { type OpId, parseOpRecord } from '@kitty/record'
import type { OpFile, Ops } from '@kitty/writer'
import type { Io } from '../command/io.js'
import type { ListedOp } from '../command/listed-op.js'
import type { Note } from '../command/result.js'
import { listedElsewhere, opsElsewhere } from './elsewhere.js'
import { fileInLedgers, readInLedgers } from './in-ledgers.js'
import { type InHead, placesOf, readInHead } from './places.js'

/** The Ops of the repository that have no record on the disk here. */
export type EveryOp = {
  /** Each once. */
  readonly others: readonly ListedOp[]
  readonly notes: readonly Note[]
  /** Adds to listed Ops where their records are. */
  readonly located: (ops: readonly ListedOp[]) => Promise<readonly ListedOp[]>
}

/** Reads records that only HEAD has. */
const readOnlyInHead = async (
  root: string,
  head: InHead,
  ids: readonly OpId[],
): Promise<readonly OpFile[]> => {
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
 * trees, those of other stores in this one, then those that only HEAD has, then those of the ledgers.
 */
export const everyOp = async (io: Io, store: Ops): Promise<EveryOp> => {
  const { root } = store
  const { listRecords, readRecord, summaryOf } = await import('@kitty/writer/internals')
  const [{ ops: elsewhere, notes }, head, ledgers] = await Promise.all([
    opsElsewhere(io, store),
    readInHead(root),
    readInLedgers(root),
  ])
  const onDisk = new Set((await listRecords(root)).map(({ id }) => id))
  const away = new Map(elsewhere.map((op) => [op.id, op]))
  const isNew = (id: OpId): boolean => !(onDisk.has(id) || away.has(id))
  const inHead = await readOnlyInHead(root, head, [...head.keys()].filter(isNew))
  const onlyInLedgers = [...ledgers.copies.keys()].filter((id) => isNew(id) && !head.has(id))
  const inLedgers = await Promise.all(onlyInLedgers.map((id) => fileInLedgers(ledgers, id)))
  const summaries = [...inHead, ...inLedgers].map((file) => file && summaryOf(file))
  const listed = await Promise.all(elsewhere.map(listedElsewhere))

  const knownOf = async (id: OpId) => {
    const other = away.get(id)
    if (other === undefined) {
      const file = onDisk.has(id) ? await readRecord(root, id).catch(() => undefined) : undefined
      return { disk: file?.bytes }
    }
    return other.from === 'record' ? { disk: other.file.bytes } : { state: other.file.bytes }
  }
  return {
    others: [...listed, ...summaries].filter((op) => op !== undefined),
    notes: [...notes, ...ledgers.notes],
    located: async (ops) => {
      const ids = ops.map(({ invocation_id }) => invocation_id)
      const known = await Promise.all(ids.map(async (id) => [id, await knownOf(id)] as const))
      const places = await placesOf(root, new Map(known), head, ledgers)
      return ops.map((op) => ({ ...op, ...places.get(op.invocation_id) }))
    },
  }
}
