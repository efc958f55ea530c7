import { type OpId, parseOpRecord, type StartedEvent } from '@kitty/record'
import type { Examination } from '../check/check.js'
import { inParallel } from '../check/concurrency.js'
import { sharedFact } from '../check/memo.js'
import { eachRecord } from './record-pass.js'

/** An Op whose record a crash cut off while it was opened; its whole start is remembered. */
export type CutOffStart = { readonly started: StartedEvent; readonly path: string }

type Fragment = { readonly id: OpId; readonly path: string; readonly bytes: Buffer }

const AT_ONCE = 32

const fragments = async (at: Examination): Promise<readonly Fragment[]> => {
  const found: Fragment[] = []
  await eachRecord(at, (each) => {
    if ('error' in each || each.record.started !== undefined || each.bytes.includes('\n')) return
    found.push({ id: each.id, path: each.path, bytes: each.bytes })
  })
  return found
}

const rememberedStart = async (
  at: Examination,
  { id, path, bytes }: Fragment,
): Promise<readonly (readonly [OpId, CutOffStart])[]> => {
  const line = Buffer.from((await at.ops.remembered(id))?.line ?? '')
  const isBeginning = line.subarray(0, bytes.length).equals(bytes)
  const { started } = isBeginning ? parseOpRecord(line, { opId: id }) : {}
  return started === undefined ? [] : [[id, { started, path }]]
}

/** The Ops of which nothing but a beginning of their start is on disk: each can be closed as it was meant. */
export const cutOffStarts = sharedFact(async (at): Promise<ReadonlyMap<OpId, CutOffStart>> => {
  const found = await fragments(at)
  return new Map((await inParallel(found, AT_ONCE, (each) => rememberedStart(at, each))).flat())
})
