import { setImmediate as nextTurn } from 'node:timers/promises'
import { listRecords, type RecordLocation, readRecordAt } from '@kitty/writer/internals'
import type { CheckContext, Finding, VisitedRecord } from '../check/check.js'
import { memoized } from '../check/memo.js'

type RecordVisitor = (found: VisitedRecord) => Promise<void> | void

/** The visitors of one pass over the folder, and the errors of those that failed. */
type Pass = {
  readonly visitors: RecordVisitor[]
  readonly failed: Promise<ReadonlyMap<RecordVisitor, unknown>>
}

// Reads are synchronous; after this many files, other work gets the event loop.
const READS_PER_TURN = 32

/** The location of every record, hot or archived, newest first. */
export const placesOf = memoized((context) => listRecords(context.ops.root))

const find = (root: string, { id, path, isFile }: RecordLocation): VisitedRecord | undefined => {
  try {
    const file = readRecordAt(root, { id, path, isFile })
    return file && { id, path, record: file.record, bytes: file.bytes }
  } catch (error) {
    return { id, path, error }
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

const pass = async (
  context: CheckContext,
  all: readonly RecordVisitor[],
): Promise<Map<RecordVisitor, unknown>> => {
  const [visitors, failed] = [new Set(all), new Map<RecordVisitor, unknown>()]
  const places = await placesOf(context)
  for (const [number, place] of places.entries()) {
    // It may have been deleted since the folder was listed.
    const found = find(context.ops.root, place)
    const waiting = found && visitAll(visitors, failed, found)
    if (waiting !== undefined) await waiting
    if ((number + 1) % READS_PER_TURN !== 0 && number + 1 < places.length) continue
    context.onProgress?.({ what: 'records', done: number + 1, total: places.length })
    await nextTurn()
  }
  return failed
}

const passes = new WeakMap<CheckContext, Pass>()

const startPass = (context: CheckContext): Pass => {
  const visitors: RecordVisitor[] = []
  const failed = nextTurn().then(() => {
    passes.delete(context)
    return pass(context, visitors)
  })
  passes.set(context, { visitors, failed })
  return { visitors, failed }
}

/**
 * Shows every record to `visitor`, one after the other, newest first, and keeps none. All calls in the same
 * turn of the event loop share one pass over the folder; a later call starts another one.
 *
 * @throws what `visitor` threw; `SYMLINK_REFUSED` if a folder is a symbolic link.
 */
export const visitRecords = async (
  context: CheckContext,
  visitor: RecordVisitor,
): Promise<void> => {
  const { visitors, failed } = passes.get(context) ?? startPass(context)
  visitors.push(visitor)
  const errors = await failed
  if (errors.has(visitor)) throw errors.get(visitor)
}

/** The same with a fact that the visitor needs; only the first record waits for it. */
export const visitRecordsWith = async <T>(
  context: CheckContext,
  find: () => Promise<T>,
  visitor: (found: VisitedRecord, known: T) => void,
): Promise<void> => {
  let known: { readonly value: T } | undefined
  await visitRecords(context, (found) => {
    if (known !== undefined) return visitor(found, known.value)
    return find().then((value) => {
      known = { value }
      visitor(found, value)
    })
  })
}

/** Collects the finding, if any, for each record. */
export const findingsInRecords = async (
  context: CheckContext,
  toFinding: (found: VisitedRecord) => Finding | undefined | Promise<Finding | undefined>,
): Promise<readonly Finding[]> => {
  const findings: Finding[] = []
  const add = (finding: Finding | undefined): void => {
    if (finding !== undefined) findings.push(finding)
  }
  await visitRecords(context, (found) => {
    const finding = toFinding(found)
    return finding !== undefined && 'then' in finding ? finding.then(add) : add(finding)
  })
  return findings
}
