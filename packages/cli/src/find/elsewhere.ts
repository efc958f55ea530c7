import { KittyError, type OpId } from '@kitty/record'
import type { CloseIntent, IdPart, OpFile, Ops } from '@kitty/writer'
import { isMissing } from '../command/errors.js'
import type { Io } from '../command/io.js'
import type { ListedOp } from '../command/listed-op.js'
import type { Note } from '../command/result.js'
import { ambiguousElsewhere } from './candidates.js'
import { fileInLedgers, type InLedgers, NOT_IN_LEDGERS, readInLedgersFor } from './in-ledgers.js'
import { type OtherRoot, otherRoots } from './other-roots.js'

/** An Op of another work tree, or of another project root in this one. */
export type OpElsewhere = {
  readonly id: OpId
  readonly place: OtherRoot
  readonly file: OpFile
  /** What the file is read from: the record, or what the state keeps of it. */
  readonly from: 'record' | 'intent' | 'note'
  /** True if it is open and its session has ended. */
  readonly left: boolean
}

type Read = Pick<OpElsewhere, 'file' | 'from'>

const fileOf = async (root: string, id: OpId, bytes: Buffer): Promise<OpFile> => {
  const { opFileOf, recordPath } = await import('@kitty/writer/internals')
  return opFileOf(root, id, { bytes, path: recordPath(id) })
}

const readFrom = async (
  { kept, root }: OtherRoot,
  id: OpId,
  intents: readonly CloseIntent[],
): Promise<Read | undefined> => {
  const record = await kept.record(id)
  if (record !== undefined) return { file: record, from: 'record' }
  const intent = intents.find((each) => each.id === id)
  if (intent !== undefined) return { file: await fileOf(root, id, intent.bytes), from: 'intent' }
  const note = await kept.note(id)
  return note && { file: await fileOf(root, id, Buffer.from(note.line)), from: 'note' }
}

const readElsewhere = async (
  place: OtherRoot,
  id: OpId,
  intents: readonly CloseIntent[],
): Promise<OpElsewhere | undefined> => {
  const read = await readFrom(place, id, intents)
  if (read === undefined) return undefined
  const isOpen = read.file.record.status === 'open'
  const left = isOpen && (await place.kept.note(id))?.left !== undefined
  return { id, place, ...read, left }
}

/** An Op of another work tree for a list. `undefined` if it cannot be read. */
export const listedElsewhere = async ({
  file,
  left,
  place,
}: OpElsewhere): Promise<ListedOp | undefined> => {
  const { summaryOf } = await import('@kitty/writer/internals')
  const op = summaryOf(file)
  return op && { ...op, ...(left && { left }), work_tree: place.workTree }
}

/** The first of each id. */
const distinct = <T extends { readonly id: OpId }>(found: readonly T[]): readonly T[] => {
  const byId = new Map<OpId, T>()
  for (const each of found) if (!byId.has(each.id)) byId.set(each.id, each)
  return [...byId.values()]
}

/** The open and pending Ops of a root: those of its state, which belong to it, and other open records. */
const unsettledIn = async (place: OtherRoot) => {
  const intents = await place.kept.pending()
  const pending = new Set(intents.map(({ id }) => id))
  const own = new Set([...pending, ...(await place.kept.noteIds())])
  const ids = [...new Set([...own, ...(await place.kept.openIds())])]
  const found = await Promise.all(ids.map((id) => readElsewhere(place, id, intents)))
  const unsettled = found
    .filter((op) => op !== undefined)
    .filter(({ id, file }) => file.record.status === 'open' || pending.has(id))
  return unsettled.map((op) => ({ ...op, isOwn: own.has(op.id) }))
}

/** The settled Ops of another store in this work tree: of other work trees, HEAD and the ledgers have them. */
const settledIn = async (place: OtherRoot, top: string | undefined) => {
  if (place.workTree.path !== top || place.workTree.status !== 'present') return []
  const ids = await place.kept.recordIds()
  const found = await Promise.all(
    ids.map((id) => readElsewhere(place, id, []).catch(() => undefined)),
  )
  return found.filter((op) => op !== undefined).map((op) => ({ ...op, isOwn: false }))
}

const isHere = (ops: Ops, id: OpId): Promise<boolean> =>
  ops.read(id).then(
    () => true,
    (error: unknown) => !isMissing(error),
  )

/** The Ops of other stores, and which stores could not be read. */
export type OpsElsewhere = { readonly ops: readonly OpElsewhere[]; readonly notes: readonly Note[] }

/**
 * Lists the open and pending Ops of the other work trees of the repository, and all Ops of the other stores in this work
 * tree, each once and newest first, except those with a record here.
 */
export const opsElsewhere = async (io: Io, ops: Ops): Promise<OpsElsewhere> => {
  const { findWorkTree } = await import('@kitty/writer/internals')
  const places = await otherRoots(io, ops.root)
  const top = (await findWorkTree(ops.root))?.top
  const notes: Note[] = []
  const read = async (place: OtherRoot) => {
    try {
      return await Promise.all([unsettledIn(place), settledIn(place, top)])
    } catch (error) {
      if (!(error instanceof KittyError)) throw error
      const message = `The store ${place.root} could not be read: ${error.message}`
      notes.push({ kind: 'warning', message, ...(error.hint !== '' && { hint: error.hint }) })
      return [[], []] as const
    }
  }
  const all = await Promise.all(places.map(read))
  const found = [...all.flatMap(([unsettled]) => unsettled), ...all.flatMap(([, each]) => each)]
  const once = distinct(found.toSorted((a, b) => Number(b.isOwn) - Number(a.isOwn)))
  const away: OpElsewhere[] = []
  for (const op of once) if (!(await isHere(ops, op.id))) away.push(op)
  return { ops: away.toSorted((a, b) => (a.id < b.id ? 1 : -1)), notes }
}

/** An Op whose record the ledgers have, and no work tree. */
export type OpInLedgers = { readonly id: OpId; readonly file: OpFile; readonly from: 'ledger' }

/** An Op that was not found here, and what the ledgers hold of those that could be meant. */
export type FoundElsewhere = {
  readonly op: OpElsewhere | OpInLedgers | undefined
  readonly ledgers: InLedgers
}

type Match = { readonly id: OpId; readonly place?: OtherRoot; readonly isOwn: boolean }

const matchesIn = async (
  place: OtherRoot,
  matches: (id: OpId) => boolean,
): Promise<readonly Match[]> => {
  const { kept } = place
  const own = [...(await kept.pending()).map(({ id }) => id), ...(await kept.noteIds())]
  const ids = [...new Set([...own, ...(await kept.recordIds())])]
  return ids.filter(matches).map((id) => ({ id, place, isOwn: own.includes(id) }))
}

const inLedgers = async (ledgers: InLedgers, id: OpId): Promise<OpInLedgers | undefined> => {
  const file = await fileInLedgers(ledgers, id)
  return file && { id, file, from: 'ledger' }
}

/** Reads an Op. A closed record in a ledger is more than the start note of another work tree. */
const readMatch = async (
  { id, place }: Match,
  ledgers: InLedgers,
): Promise<OpElsewhere | OpInLedgers | undefined> => {
  const away = place && (await readElsewhere(place, id, await place.kept.pending()))
  const isEnough = away !== undefined && away.from !== 'note'
  return isEnough ? away : ((await inLedgers(ledgers, id)) ?? away)
}

const summaryElsewhere = async (op: OpElsewhere | OpInLedgers): Promise<ListedOp | undefined> => {
  const { summaryOf } = await import('@kitty/writer/internals')
  return op.from === 'ledger' ? summaryOf(op.file) : listedElsewhere(op)
}

/**
 * Finds the one Op whose id has this start or end in the other work trees and in the ledgers. Throws `AMBIGUOUS_ID` with the
 * candidates.
 */
export const findElsewhere = async (
  io: Io,
  root: string,
  typed: string,
  part: IdPart,
): Promise<FoundElsewhere> => {
  const { idMatcher } = await import('@kitty/writer/internals')
  const wanted = typed.trim().toUpperCase()
  const isMatch = idMatcher(wanted, part)
  if (wanted === '') return { op: undefined, ledgers: NOT_IN_LEDGERS }
  const [places, ledgers] = await Promise.all([
    otherRoots(io, root),
    readInLedgersFor(root, wanted, isMatch),
  ])
  const matches = (await Promise.all(places.map((place) => matchesIn(place, isMatch)))).flat()
  const inTrees = matches.toSorted((a, b) => Number(b.isOwn) - Number(a.isOwn))
  const ids = [...ledgers.copies.keys()].filter(isMatch)
  const once = distinct<Match>([...inTrees, ...ids.map((id) => ({ id, isOwn: false }))])
  const [only, second] = once
  if (only === undefined) return { op: undefined, ledgers }
  if (second === undefined) return { op: await readMatch(only, ledgers), ledgers }
  const newest = once.toSorted((a, b) => (a.id < b.id ? 1 : -1))
  const found = await Promise.all(newest.map((match) => readMatch(match, ledgers)))
  const candidates = await Promise.all(found.map((op) => op && summaryElsewhere(op)))
  throw await ambiguousElsewhere(
    { typed: wanted, part },
    newest.map(({ id }) => id),
    candidates.filter((op) => op !== undefined),
  )
}
