import { setImmediate as nextTurn } from 'node:timers/promises'
import type { OpRecord } from '@kitty/record'
import { listRecordIds, type RecordPlace, readRecordAt } from '@kitty/writer'
import type { Examination, Finding } from '../check.js'
import { sharedFact } from '../shared-fact.js'

/** A file in the place of a record: what it holds, or why it could not be read. */
export type FoundRecord = RecordPlace &
  ({ readonly record: OpRecord; readonly bytes: Buffer } | { readonly error: unknown })

type Look = (found: FoundRecord) => Promise<void> | void

/** Those who look during one pass, and the errors of those who could not go on. */
type Pass = { readonly looks: Look[]; readonly failed: Promise<ReadonlyMap<Look, unknown>> }

// Enough to keep the disk busy, few enough to hold little in memory.
const AT_ONCE = 32

/** Every place of a record, hot or archived, newest first. */
export const placesOf = sharedFact((at) => listRecordIds(at.ops.root))

const find = async (root: string, place: RecordPlace): Promise<FoundRecord | undefined> => {
  try {
    const file = await readRecordAt(root, place.id, place.path)
    return file && { ...place, record: file.record, bytes: file.bytes }
  } catch (error) {
    return { ...place, error }
  }
}

async function* findAll(at: Examination): AsyncGenerator<FoundRecord> {
  const places = await placesOf(at)
  for (let from = 0; from < places.length; from += AT_ONCE) {
    const group = places.slice(from, from + AT_ONCE)
    const found = await Promise.all(group.map((place) => find(at.ops.root, place)))
    // One that is gone meanwhile is no longer a record.
    yield* found.filter((record) => record !== undefined)
    at.onProgress?.({ what: 'records', done: from + group.length, total: places.length })
  }
}

const pass = async (at: Examination, looks: readonly Look[]): Promise<Map<Look, unknown>> => {
  const failed = new Map<Look, unknown>()
  for await (const found of findAll(at)) {
    for (const look of looks) {
      if (failed.has(look)) continue
      try {
        // Most looks need not wait, and waiting for each record of 100,000 takes its time.
        const waiting = look(found)
        if (waiting !== undefined) await waiting
      } catch (error) {
        failed.set(look, error)
      }
    }
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
