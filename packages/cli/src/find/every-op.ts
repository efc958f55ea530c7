import { basename } from 'node:path'
import { isOpId, type OpId } from '@kitty/record'
import type { OpFile, Ops } from '@kitty/writer'
import type { Io } from '../command/io.js'
import type { ListedOp, OtherOps } from '../command/listed-op.js'
import type { Note } from '../command/result.js'
import { listedElsewhere, type OpElsewhere, opsElsewhere } from './elsewhere.js'
import { fileInLedgers, findInLedgers, type OpsInLedgers } from './in-ledgers.js'
import { type InHead, type Known, placesOf, readInHead } from './places.js'

/** Ops, where their records are, and a note on each place that was left out or could not be read. */
type LocatedOps = { readonly ops: readonly ListedOp[]; readonly notes: readonly Note[] }

/** The Ops of the repository. */
export type EveryOp = {
  readonly others: OtherOps
  /** Adds to listed Ops where their records are. Returns with them what kept Ops from being read. */
  readonly located: (ops: readonly ListedOp[]) => Promise<LocatedOps>
  /** The records of those of these Ops that have none on the disk here. */
  readonly records: (ids: readonly OpId[]) => Promise<ReadonlyMap<OpId, OpFile>>
}

/** Reads records that only HEAD has. */
const readOnlyInHead = async (
  root: string,
  head: InHead,
  ids: readonly OpId[],
): Promise<readonly OpFile[]> => {
  if (ids.length === 0) return []
  const { readBlobs } = await import('@kitty/git-commit/inspect')
  const { opFileOf } = await import('@kitty/writer/internals')
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
    return bytes === undefined ? [] : [opFileOf(root, id, { bytes, path })]
  })
}

/** What is known of the repository without reading its records. */
type KnownRepository = {
  readonly root: string
  readonly away: ReadonlyMap<OpId, OpElsewhere>
  /** What the search for them left out. */
  readonly notes: readonly Note[]
  readonly head: InHead
  readonly ledgers: OpsInLedgers
  readonly onDisk: ReadonlySet<OpId>
  /** Those on the disk, and those that a sparse checkout keeps off it: the store itself lists them. */
  readonly inStore: ReadonlySet<OpId>
}

/** The Ops of the repository that the store here does not list. */
const othersIn = async ({
  root,
  away,
  head,
  ledgers,
  inStore,
}: KnownRepository): Promise<OtherOps> => {
  const { ledgerMonthOf } = await import('@kitty/git-commit/inspect')
  const { summaryOf } = await import('@kitty/writer/internals')
  const near = [...new Set([...away.keys(), ...head.keys()])].filter((id) => !inStore.has(id))
  const months = new Set([...near.map(ledgerMonthOf), ...ledgers.months])
  return {
    months: [...months].toSorted().reverse(),
    find: async (some) => {
      const wanted = new Set(some)
      const inTrees = near.filter((id) => wanted.has(ledgerMonthOf(id)))
      const inLedgers = [...(await ledgers.find(some))].filter((id) => !inStore.has(id))
      return [...new Set([...inTrees, ...inLedgers])].toSorted((a, b) => (a < b ? 1 : -1))
    },
    read: async (ids, fits = () => true) => {
      const settled = ids.filter((id) => !away.has(id))
      const inHead = await readOnlyInHead(root, head, settled)
      const rest = settled.filter((id) => !head.has(id))
      const copies = await ledgers.read(rest)
      const files = await Promise.all(rest.map((id) => fileInLedgers(copies, id)))
      const found = [...inHead, ...files].map((file) =>
        file && fits(file.record) ? summaryOf(file) : undefined,
      )
      const elsewhere = ids.map(async (id) => {
        const op = away.get(id)
        return op && fits(op.file.record) ? listedElsewhere(op) : undefined
      })
      return [...(await Promise.all(elsewhere)), ...found].filter((op) => op !== undefined)
    },
  }
}

/** Reads the records of Ops that have none on the disk here. */
const recordsOf = async (
  { root, away, head, ledgers, onDisk }: KnownRepository,
  ids: readonly OpId[],
): Promise<ReadonlyMap<OpId, OpFile>> => {
  const { ledgerMonthOf } = await import('@kitty/git-commit/inspect')
  const others = ids.filter((id) => !onDisk.has(id))
  const records = new Map(
    others.flatMap((id) => {
      const file = away.get(id)?.file
      return file === undefined ? [] : [[id, file] as const]
    }),
  )
  const settled = others.filter((id) => !records.has(id))
  for (const file of await readOnlyInHead(root, head, settled)) {
    const id = file.record.invocation_id
    if (isOpId(id)) records.set(id, file)
  }
  const rest = settled.filter((id) => !records.has(id))
  await ledgers.find([...new Set(rest.map(ledgerMonthOf))])
  const copies = await ledgers.read(rest)
  for (const id of rest) {
    const file = await fileInLedgers(copies, id)
    if (file !== undefined) records.set(id, file)
  }
  return records
}

/** What is known of an Op outside of git. */
const knownOf = async ({ root, away, onDisk }: KnownRepository, id: OpId): Promise<Known> => {
  const { readRecord } = await import('@kitty/writer/internals')
  const other = away.get(id)
  if (other === undefined) {
    const file = onDisk.has(id) ? await readRecord(root, id).catch(() => undefined) : undefined
    return { disk: file?.bytes }
  }
  return other.from === 'record' ? { disk: other.file.bytes } : { state: other.file.bytes }
}

const locate = async (found: KnownRepository, ops: readonly ListedOp[]): Promise<LocatedOps> => {
  const { ledgerMonthOf } = await import('@kitty/git-commit/inspect')
  const ids = ops.map(({ invocation_id }) => invocation_id)
  await found.ledgers.find([...new Set(ids.map(ledgerMonthOf))])
  const inLedgers = await found.ledgers.read(ids)
  // After the ledgers: an Op that is being closed is closed on disk before it is in a ledger.
  const known = await Promise.all(ids.map(async (id) => [id, await knownOf(found, id)] as const))
  const places = await placesOf(found.root, new Map(known), found.head, inLedgers)
  const located = ops.map((op) => ({ ...op, ...places.get(op.invocation_id) }))
  return { ops: located, notes: [...found.notes, ...inLedgers.notes] }
}

/** The Ops of which another work tree has only a start note, and HEAD or a ledger the record, which is more. */
const recordedSince = async (
  ops: readonly OpElsewhere[],
  head: InHead,
  ledgers: OpsInLedgers,
): Promise<ReadonlySet<OpId>> => {
  const ids = ops.flatMap(({ id, from }) => (from === 'note' ? [id] : []))
  if (ids.length === 0) return new Set()
  const { ledgerMonthOf } = await import('@kitty/git-commit/inspect')
  await ledgers.find([...new Set(ids.map(ledgerMonthOf))])
  const { copies } = await ledgers.read(ids)
  return new Set(ids.filter((id) => head.has(id) || copies.has(id)))
}

/**
 * Finds every Op that the clone knows and whose record is not on the disk here: open and pending ones of other work
 * trees, those of other stores in this one, those that only HEAD has, and those of the ledgers.
 */
export const everyOp = async (io: Io, store: Ops): Promise<EveryOp> => {
  const { root } = store
  const { sparseRecords } = await import('@kitty/git-commit/inspect')
  const { listRecords, opIdOfName } = await import('@kitty/writer/internals')
  const [elsewhere, head, ledgers, here, kept] = await Promise.all([
    opsElsewhere(io, store),
    readInHead(root),
    findInLedgers(root),
    listRecords(root),
    sparseRecords(root),
  ])
  const recorded = await recordedSince(elsewhere.ops, head, ledgers)
  const away = new Map(elsewhere.ops.flatMap((op) => (recorded.has(op.id) ? [] : [[op.id, op]])))
  const onDisk = new Set(here.map(({ id }) => id))
  const inStore = new Set([
    ...onDisk,
    ...kept.flatMap(({ path }) => opIdOfName(basename(path)) ?? []),
  ])
  const { notes } = elsewhere
  const found: KnownRepository = { root, away, notes, head, ledgers, onDisk, inStore }
  return {
    others: await othersIn(found),
    located: (ops) => locate(found, ops),
    records: (ids) => recordsOf(found, ids),
  }
}
