import { type OpId, parseOpRecord, type StartedEvent } from '@kitty/record'
import { type CloseIntent, hasLiveOwner, readRecord, recordPath } from '@kitty/writer'
import type { CheckContext } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import { memoized } from '../check/memo.js'
import { headOf, isInHead } from './head.js'
import { marksOf } from './intents.js'
import { visitRecords } from './record-pass.js'

const CONCURRENCY = 32

/** An Op whose record a crash cut off while it was opened; its whole start is remembered. */
export type CutOffStart = { readonly started: StartedEvent; readonly path: string }

type Fragment = { readonly id: OpId; readonly path: string; readonly bytes: Buffer }

const fragments = async (context: CheckContext): Promise<readonly Fragment[]> => {
  const found: Fragment[] = []
  await visitRecords(context, (each) => {
    if ('error' in each || each.record.started !== undefined || each.bytes.includes('\n')) return
    found.push({ id: each.id, path: each.path, bytes: each.bytes })
  })
  return found
}

const rememberedStart = async (
  context: CheckContext,
  { id, path, bytes }: Fragment,
): Promise<readonly (readonly [OpId, CutOffStart])[]> => {
  const line = Buffer.from((await context.ops.startNote(id))?.line ?? '')
  const isBeginning = line.subarray(0, bytes.length).equals(bytes)
  const { started } = isBeginning ? parseOpRecord(line, { opId: id }) : {}
  return started === undefined ? [] : [[id, { started, path }]]
}

/** The Ops of which nothing but a beginning of their start is on disk: each can be closed as it was meant. */
export const cutOffStarts = memoized(async (context): Promise<ReadonlyMap<OpId, CutOffStart>> => {
  const found = await fragments(context)
  return new Map(
    (await mapConcurrent(found, CONCURRENCY, (each) => rememberedStart(context, each))).flat(),
  )
})

/** A close that had begun and was never finished; its mark holds the whole closed record. */
export type Unfinished = {
  readonly mark: CloseIntent
  /** Relative to the root, with `/`. */
  readonly path: string
  /** What is on disk: the beginning of the closed record, no record at all, or something else. */
  readonly onDisk: 'beginning' | 'nothing' | 'something-else'
}

const judge = async (context: CheckContext, mark: CloseIntent): Promise<Unfinished | undefined> => {
  const id = mark.invocation_id
  // A file that cannot be read at all is another check's finding.
  const file = await readRecord(context.ops.root, id).catch(() => 'unreadable' as const)
  if (file === 'unreadable' || file?.record.status === 'closed') return undefined
  if (file !== undefined) {
    const begins = mark.bytes.subarray(0, file.bytes.length).equals(file.bytes)
    return { mark, path: file.path, onDisk: begins ? 'beginning' : 'something-else' }
  }
  const head = await headOf(context)
  if (head !== undefined && isInHead(head, id, mark.bytes)) return undefined
  return { mark, path: recordPath(id), onDisk: 'nothing' }
}

/** Every close that a crash cut off, or whose record was taken away before it was committed. */
export const unfinished = memoized(async (context): Promise<readonly Unfinished[]> => {
  const marks = [...(await marksOf(context)).values()].filter((mark) => !hasLiveOwner(mark))
  const judged = await mapConcurrent(marks, CONCURRENCY, (mark) => judge(context, mark))
  return judged.filter((close) => close !== undefined)
})
