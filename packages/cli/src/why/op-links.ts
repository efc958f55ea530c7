import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { type OpId, type OpRecord, opIdTime, parseOpRecord } from '@kitty/record'
import type { OpSummary, Ops } from '@kitty/writer'
import type { Io } from '../command/io.js'
import type { Note } from '../command/result.js'

/** The links of every Op that this clone knows, wherever its record is. */
export type OpLinks = {
  /** When the first of these Ops was opened, in milliseconds since 1970; infinite if there is none. */
  readonly firstStart: number
  /** Returns the commits that each Op is linked to. */
  readonly commits: () => ReadonlyMap<OpId, readonly string[]>
  /** The Ops that are linked to a commit. */
  readonly of: (sha: string) => readonly OpId[]
  /** Reads some of these Ops. One that cannot be read is left out. */
  readonly read: (ids: readonly OpId[]) => Promise<ReadonlyMap<OpId, OpSummary>>
  /** What could not be searched. */
  readonly notes: readonly Note[]
}

/** What a record with a link has somewhere. */
const MARK = Buffer.from('"commit_link"')

/** As many records are read before other work has its turn. */
const TURN = 200

type Link = { readonly id: OpId; readonly sha: string }

const linksOf = (id: OpId, { events }: OpRecord): readonly Link[] =>
  events.flatMap((event) =>
    event.event === 'commit_link' ? [{ id, sha: event.sha.toLowerCase() }] : [],
  )

const linksIn = (id: OpId, bytes: Buffer): readonly Link[] =>
  bytes.includes(MARK) ? linksOf(id, parseOpRecord(bytes, { opId: id })) : []

/** The links of the records on disk that are not among those that were searched in HEAD. */
const onDisk = async (root: string, searched: ReadonlySet<OpId>): Promise<readonly Link[]> => {
  const { listRecords, readRegularSync } = await import('@kitty/writer/internals')
  const left = (await listRecords(root)).filter(({ id }) => !searched.has(id))
  const found: Link[] = []
  for (const [number, { id, path, isFile }] of left.entries()) {
    if (number % TURN === TURN - 1) await setImmediate()
    try {
      const bytes = readRegularSync(join(root, path), isFile)
      if (bytes !== undefined) found.push(...linksIn(id, bytes))
    } catch {
      // One that cannot be read does not keep the others from being read; the doctor reports it.
    }
  }
  return found
}

/** The closed records that the state of all work trees keeps until they are committed. */
const pendingRecords = async (root: string): Promise<ReadonlyMap<OpId, Buffer>> => {
  const { knownWorkTrees, listIntents, readIntent } = await import('@kitty/writer/internals')
  const found = new Map<OpId, Buffer>()
  for (const { roots } of await knownWorkTrees(root)) {
    for (const { dir } of roots) {
      for (const id of await listIntents(dir)) {
        const intent = await readIntent(dir, id).catch(() => undefined)
        if (intent !== undefined) found.set(id, intent.bytes)
      }
    }
  }
  return found
}

/** The length of a whole id in the older of git's two formats. */
const WHOLE = 40

/** Finds Ops by commits. Most links are of one Op to a whole id, so few lists are made. */
const indexOf = (links: readonly Link[]): OpLinks['of'] => {
  const first = new Map<string, OpId>()
  const others: Link[] = []
  for (const link of links) {
    if (link.sha.length < WHOLE || first.has(link.sha)) others.push(link)
    else first.set(link.sha, link.id)
  }
  return (sha) => {
    const id = first.get(sha)
    const more = others.filter((link) => sha.startsWith(link.sha)).map((link) => link.id)
    return [...new Set(id === undefined ? more : [id, ...more])]
  }
}

const readFrom = async (
  { io, store, pending }: { io: Io; store: Ops; pending: ReadonlyMap<OpId, Buffer> },
  ids: readonly OpId[],
): Promise<ReadonlyMap<OpId, OpSummary>> => {
  const { readRecord, recordPath, summaryOf } = await import('@kitty/writer/internals')
  const found = new Map<OpId, OpSummary>()
  const add = (op: OpSummary | undefined): void => {
    if (op !== undefined) found.set(op.invocation_id, op)
  }
  for (const id of ids) {
    const file = await readRecord(store.root, id).catch(() => undefined)
    const bytes = pending.get(id)
    if (file !== undefined) add(summaryOf(file))
    else if (bytes !== undefined) {
      add(summaryOf({ record: parseOpRecord(bytes, { opId: id }), bytes, path: recordPath(id) }))
    }
  }
  const left = ids.filter((id) => !found.has(id))
  if (left.length === 0) return found
  const { everyOp } = await import('../find/every-op.js')
  const { others } = await everyOp(io, store)
  await others.find(others.months)
  for (const { work_tree: _, ...op } of await others.read(left)) add(op)
  return found
}

const grouped = (links: readonly Link[]): ReadonlyMap<OpId, readonly string[]> => {
  const found = new Map<OpId, Set<string>>()
  for (const { id, sha } of links) {
    const shas = found.get(id)
    if (shas === undefined) found.set(id, new Set([sha]))
    else shas.add(sha)
  }
  return new Map([...found].map(([id, shas]) => [id, [...shas]]))
}

/** The ids sort by their times. */
const firstStartOf = (links: readonly Link[]): number => {
  let first = links[0]?.id
  if (first === undefined) return Number.POSITIVE_INFINITY
  for (const { id } of links) if (id < first) first = id
  return opIdTime(first)
}

/** Finds the links of every Op that this clone knows. */
export const readOpLinks = async (io: Io, store: Ops): Promise<OpLinks> => {
  const { root } = store
  const { linksInGit } = await import('@kitty/git-commit/inspect')
  const [git, pending] = await Promise.all([linksInGit(root), pendingRecords(root)])
  const kept = [...pending].flatMap(([id, bytes]) => linksIn(id, bytes))
  const links = [...git.links, ...kept, ...(await onDisk(root, git.inHead))]
  return {
    firstStart: firstStartOf(links),
    commits: () => grouped(links),
    of: indexOf(links),
    read: (ids) => readFrom({ io, store, pending }, [...new Set(ids)]),
    notes: git.broken.map((ref) => ({
      kind: 'warning',
      message: `The ledger ${ref} cannot be searched: it is missing objects or damaged.`,
      hint: 'Ops whose records only this ledger has are left out.',
    })),
  }
}
