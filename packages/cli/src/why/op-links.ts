import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { type OpId, type OpRecord, parseOpRecord } from '@kitty/record'
import type { Ops } from '@kitty/writer'
import type { Io } from '../command/io.js'
import type { ListedOp } from '../command/listed-op.js'

/** An Op, and the commits that it is linked to. */
export type LinkedOp = { readonly op: ListedOp; readonly commits: readonly string[] }

/** Every Op with links that this clone knows, wherever its record is. */
export type OpLinks = {
  readonly ops: ReadonlyMap<OpId, LinkedOp>
  /** The Ops that are linked to a commit. */
  readonly of: (sha: string) => readonly OpId[]
}

/** What a record with a link has somewhere; spaces would be legal, and are never written. */
const MARK = Buffer.from('"commit_link"')

/** As many records are read before other work has its turn. */
const TURN = 200

type Read = (path: string, isFile?: boolean) => Buffer | undefined

const linksIn = ({ events }: OpRecord): readonly string[] =>
  events.flatMap((event) => (event.event === 'commit_link' ? [event.sha.toLowerCase()] : []))

/** Returns the bytes of a record that has a link. One that cannot be read does not keep the others from being read. */
const bytesWithLink = (path: string, isFile: boolean | undefined, read: Read) => {
  try {
    const bytes = read(path, isFile)
    return bytes?.includes(MARK) ? bytes : undefined
  } catch {
    return undefined
  }
}

const onDisk = async (root: string): Promise<Map<OpId, LinkedOp>> => {
  const { listRecords, readRegularSync, summaryOf } = await import('@kitty/writer/internals')
  const found = new Map<OpId, LinkedOp>()
  for (const [number, { id, path, isFile }] of (await listRecords(root)).entries()) {
    if (number % TURN === TURN - 1) await setImmediate()
    const bytes = bytesWithLink(join(root, path), isFile, readRegularSync)
    if (bytes === undefined) continue
    const record = parseOpRecord(bytes, { opId: id })
    const op = summaryOf({ record, bytes, path })
    const commits = linksIn(record)
    if (op !== undefined && commits.length > 0) found.set(id, { op, commits })
  }
  return found
}

/** The Ops with links whose records are not on the disk here: in HEAD, in ledgers, in other work trees. */
const elsewhere = async (io: Io, store: Ops): Promise<readonly LinkedOp[]> => {
  const { everyOp } = await import('../find/every-op.js')
  const { others } = await everyOp(io, store)
  const links = new Map<string, readonly string[]>()
  const ids = await others.find(others.months)
  const ops = await others.read(ids, (record) => {
    const commits = linksIn(record)
    if (record.invocation_id !== undefined) links.set(record.invocation_id, commits)
    return commits.length > 0
  })
  return ops.map((op) => ({ op, commits: links.get(op.invocation_id) ?? [] }))
}

/** The length of a whole id in the older of git's two formats. */
const WHOLE = 40

const indexOf = (ops: ReadonlyMap<OpId, LinkedOp>): OpLinks['of'] => {
  const whole = new Map<string, OpId[]>()
  const cut: { readonly start: string; readonly id: OpId }[] = []
  for (const [id, { commits }] of ops) {
    for (const sha of new Set(commits)) {
      if (sha.length < WHOLE) cut.push({ start: sha, id })
      else whole.set(sha, [...(whole.get(sha) ?? []), id])
    }
  }
  return (sha) => [
    ...new Set([
      ...(whole.get(sha) ?? []),
      ...cut.filter(({ start }) => sha.startsWith(start)).map(({ id }) => id),
    ]),
  ]
}

/** Finds every Op with links that this clone knows. */
export const readOpLinks = async (io: Io, store: Ops): Promise<OpLinks> => {
  const others = elsewhere(io, store)
  const ops = await onDisk(store.root)
  for (const found of await others) {
    if (!ops.has(found.op.invocation_id)) ops.set(found.op.invocation_id, found)
  }
  return { ops, of: indexOf(ops) }
}
