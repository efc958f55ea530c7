import { setImmediate as nextTurn } from 'node:timers/promises'
import type { OpRecord } from '@kitty/record'
import { listRecords, type RecordLocation, readRecordAt } from '@kitty/writer'
import type { Examination, Finding } from '../check/check.js'
import { sharedFact } from '../check/memo.js'

/** A file in the place of a record: what it holds, or why it could not be read. */
export type FoundRecord = RecordLocation &
  ({ readonly record: OpRecord; readonly bytes: Buffer } | { readonly error: unknown })

type Look = (found: FoundRecord) => Promise<void> | void

/** Those who look during one pass, and the errors of those who could not go on. */
type Pass = { readonly looks: Look[]; readonly failed: Promise<ReadonlyMap<Look, unknown>> }

// Reading blocks, a file at a time; after so many files, everybody else gets a turn.
const IN_A_ROW = 32

/** Every place of a record, hot or archived, newest first. */
export const placesOf = sharedFact((at) => listRecords(at.ops.root))

const find = (root: string, { id, path, isFile }: RecordLocation): FoundRecord | undefined => {
  try {
    const file = readRecordAt(root, { id, path, isFile })
    return file && { id, path, record: file.record, bytes: file.bytes }
  } catch (error) {
    return { id, path, error }
  }
}

/** Shows one record to all. Who must wait is waited for; most need not, and 100,000 waits take their time. */
const showTo = (looks: Set<Look>, failed: Map<Look, unknown>, found: FoundRecord) => {
  const waits: Promise<void>[] = []
  const fail = (look: Look, error: unknown): void => {
    failed.set(look, error)
    looks.delete(look)
  }
  for (const look of looks) {
    try {
      const waiting = look(found)
      if (waiting !== undefined) waits.push(waiting.catch((error) => fail(look, error)))
    } catch (error) {
      fail(look, error)
    }
  }
  return waits.length === 0 ? undefined : Promise.all(waits)
}

const pass = async (at: Examination, all: readonly Look[]): Promise<Map<Look, unknown>> => {
  const [looks, failed] = [new Set(all), new Map<Look, unknown>()]
  const places = await placesOf(at)
  for (const [number, place] of places.entries()) {
    // One that is gone meanwhile is no longer a record.
    const found = find(at.ops.root, place)
    const waiting = found && showTo(looks, failed, found)
    if (waiting !== undefined) await waiting
    if ((number + 1) % IN_A_ROW !== 0 && number + 1 < places.length) continue
    at.onProgress?.({ what: 'records', done: number + 1, total: places.length })
    await nextTurn()
  }
  return failed
}

const passes = new WeakMap<Examination, Pass>()

const startPass = (at: Examination): Pass => {
  const looks: Look[] = []
  const failed = nextTurn().then(() => {
    passes.delete(at)
    return pass(at, looks)
  })
  passes.set(at, { looks, failed })
  return { looks, failed }
}

/**
 * Shows every record to `look`, one after the other, newest first, and forgets it again. All who ask
 * in the same turn share one pass over the folder; who asks later costs another one.
 *
 * @throws what `look` threw; `SYMLINK_REFUSED` when a folder is a symbolic link.
 */
export const eachRecord = async (at: Examination, look: Look): Promise<void> => {
  const { looks, failed } = passes.get(at) ?? startPass(at)
  looks.push(look)
  const errors = await failed
  if (errors.has(look)) throw errors.get(look)
}

/** The same with something to know, which only the first record has to wait for. */
export const eachRecordKnowing = async <T>(
  at: Examination,
  find: () => Promise<T>,
  look: (found: FoundRecord, known: T) => void,
): Promise<void> => {
  let known: { readonly value: T } | undefined
  await eachRecord(at, (found) => {
    if (known !== undefined) return look(found, known.value)
    return find().then((value) => {
      known = { value }
      look(found, value)
    })
  })
}

/** The findings that single records give rise to. */
export const findInRecords = async (
  at: Examination,
  judge: (found: FoundRecord) => Finding | undefined,
): Promise<readonly Finding[]> => {
  const findings: Finding[] = []
  await eachRecord(at, (found) => {
    const finding = judge(found)
    if (finding !== undefined) findings.push(finding)
  })
  return findings
}
