import { setImmediate as nextTurn } from 'node:timers/promises'
import { isBlob } from '@kitty/git-commit/inspect'
import { isSoundRecord, type OpId, type OpRecord } from '@kitty/record'
import {
  listRecords,
  opFileOf,
  type RecordLocation,
  readRecordBytesAt,
} from '@kitty/writer/internals'
import type { CheckContext, Fact, Facts, Needs, VisitedRecord } from '../check/check.js'
import { memoized } from '../check/memo.js'

type RecordVisitor = (found: VisitedRecord) => Promise<void> | void

/** The errors of the visitors that failed. */
type Failures = ReadonlyMap<RecordVisitor, unknown>

// Reads are synchronous; after this many files, other work gets the event loop.
const READS_PER_TURN = 32

/** The location of every record, hot or archived, newest first. */
export const placesOf = memoized((context) => listRecords(context.ops.root))

/** A record that could be read. It is parsed at most once, and not at all if nothing needs its content. */
class ReadRecord {
  readonly ok = true
  readonly id: OpId
  readonly path: string
  readonly isSound: boolean
  readonly #root: string
  /** Overwritten by the next record. */
  #inRoom: Buffer | undefined
  #bytes: Buffer | undefined
  #record: OpRecord | undefined

  constructor(root: string, { id, path }: RecordLocation, bytes: Buffer) {
    this.#root = root
    this.id = id
    this.path = path
    this.#inRoom = bytes
    this.isSound = isSoundRecord(bytes, id)
  }

  get bytes(): Buffer {
    this.#bytes ??= Buffer.from(this.#read())
    return this.#bytes
  }

  get record(): OpRecord {
    this.#record ??= opFileOf(this.#root, this.id, { bytes: this.#read(), path: this.path }).record
    return this.#record
  }

  hasBlob(blob: string): boolean {
    return isBlob(blob, this.#read())
  }

  /** Ends the visit. What was read of it stays. */
  end(): void {
    this.#inRoom = undefined
  }

  #read(): Buffer {
    const bytes = this.#bytes ?? this.#inRoom
    if (bytes === undefined) throw new Error('A record can only be read while it is visited.')
    return bytes
  }
}

/** A record that fits is read into it: new memory for each of 100,000 takes longer than reading. */
const ROOM = 64 * 1024

const find = (
  root: string,
  place: RecordLocation,
  room: Buffer,
): ReadRecord | Exclude<VisitedRecord, { readonly ok: true }> | undefined => {
  try {
    const bytes = readRecordBytesAt(root, place, room)
    return bytes && new ReadRecord(root, place, bytes)
  } catch (error) {
    return { id: place.id, path: place.path, ok: false, error }
  }
}

/** Shows one record to all visitors. Awaits only those that return a promise: 100,000 awaits take time. */
const visitAll = (
  visitors: Set<RecordVisitor>,
  failed: Map<RecordVisitor, unknown>,
  found: VisitedRecord,
) => {
  const waits: Promise<void>[] = []
  const fail = (visitor: RecordVisitor, error: unknown): void => {
    failed.set(visitor, error)
    visitors.delete(visitor)
  }
  for (const visitor of visitors) {
    try {
      const waiting = visitor(found)
      if (waiting !== undefined) waits.push(waiting.catch((error) => fail(visitor, error)))
    } catch (error) {
      fail(visitor, error)
    }
  }
  return waits.length === 0 ? undefined : Promise.all(waits)
}

const passOver = async (context: CheckContext, all: Iterable<RecordVisitor>): Promise<Failures> => {
  const [visitors, failed] = [new Set(all), new Map<RecordVisitor, unknown>()]
  const places = visitors.size === 0 ? [] : await placesOf(context)
  const room = Buffer.allocUnsafeSlow(ROOM)
  for (const [number, place] of places.entries()) {
    const found = find(context.ops.root, place, room)
    const waiting = found && visitAll(visitors, failed, found)
    if (waiting !== undefined) await waiting
    if (found?.ok) found.end()
    if ((number + 1) % READS_PER_TURN !== 0 && number + 1 < places.length) continue
    context.onProgress?.({ what: 'records', done: number + 1, total: places.length })
    await nextTurn()
  }
  return failed
}

/** Makes a `visit` that needs something from elsewhere; only the first record of a run waits for it. */
export const visitWith = <Known, Kept>(
  know: (context: CheckContext) => Promise<Known>,
  visit: (found: VisitedRecord, known: Known) => Kept | undefined,
): ((
  found: VisitedRecord,
  context: CheckContext,
) => Kept | undefined | Promise<Kept | undefined>) => {
  const runs = new WeakMap<CheckContext, { readonly known: Known }>()
  return (found, context) => {
    const run = runs.get(context)
    if (run !== undefined) return visit(found, run.known)
    return know(context).then((known) => {
      runs.set(context, { known })
      return visit(found, known)
    })
  }
}

/** Everything that these facts need, and they themselves. */
const withNeeds = (facts: Iterable<Fact<unknown>>, all = new Set<Fact<unknown>>()) => {
  for (const fact of facts) {
    if (all.has(fact)) continue
    all.add(fact)
    withNeeds(Object.values(fact.needs ?? {}), all)
  }
  return all
}

type Values = ReadonlyMap<Fact<unknown>, () => Promise<unknown>>

function pick<N extends Needs>(values: Values, needs: N): Facts<N>
function pick(values: Values, needs: Needs): Facts {
  const missing = () => Promise.reject(new Error('The run did not begin with this fact.'))
  return Object.fromEntries(
    Object.entries(needs).map(([name, fact]) => [name, values.get(fact) ?? missing]),
  )
}

const once = <T>(find: () => Promise<T>): (() => Promise<T>) => {
  let value: Promise<T> | undefined
  return () => {
    value ??= find()
    return value
  }
}

/** Returns the values of facts that the run began with. */
export type FactsOf = <N extends Needs>(needs: N) => Facts<N>

/**
 * Begins a run with these facts and all that they need: reads every record once, newest first, for all of them. A fact
 * that fails does not stop the others; a failure is kept, too.
 */
export const beginRun = (context: CheckContext, facts: Iterable<Fact<unknown>>): FactsOf => {
  const visitors: RecordVisitor[] = []
  const values = new Map<Fact<unknown>, () => Promise<unknown>>()
  for (const fact of withNeeds(facts)) {
    const kept: unknown[] = []
    const keep = (item: unknown): void => {
      if (item !== undefined) kept.push(item)
    }
    const visitor = (found: VisitedRecord) => {
      const item = fact.visit?.(found, context)
      return item instanceof Promise ? item.then(keep) : keep(item)
    }
    if (fact.visit !== undefined) visitors.push(visitor)
    const find = async (): Promise<unknown> => {
      const failed = fact.visit && (await pass)
      if (failed?.has(visitor)) throw failed.get(visitor)
      return fact.value(kept, pick(values, fact.needs ?? {}), context)
    }
    values.set(fact, once(find))
  }
  const pass = passOver(context, visitors)
  // Reported by the facts that wait for it.
  pass.catch(() => undefined)
  return (needs) => pick(values, needs)
}
