import { type OpId, parseOpRecord, type StartedEvent } from '@kitty/record'
import type { CloseIntent } from '@kitty/writer'
import { hasLiveOwner, readRecord, recordPath } from '@kitty/writer/internals'
import { type CheckContext, defineFact } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import { memoized } from '../check/memo.js'
import { headOf, isInHead } from './head.js'

/** The intents of closes that have begun and are not committed yet. */
export const intentsOf = memoized(async ({ ops }): Promise<ReadonlyMap<OpId, CloseIntent>> => {
  const intents = await ops.pending()
  return new Map(intents.map((intent) => [intent.id, intent]))
})

const CONCURRENCY = 32

/** An Op whose record a crash cut off while it was opened; its start note has the whole start. */
export type InterruptedStart = { readonly started: StartedEvent; readonly path: string }

type Fragment = { readonly id: OpId; readonly path: string; readonly bytes: Buffer }

const startFromNote = async (
  context: CheckContext,
  { id, path, bytes }: Fragment,
): Promise<readonly (readonly [OpId, InterruptedStart])[]> => {
  const line = Buffer.from((await context.ops.startNote(id))?.line ?? '')
  const isBeginning = line.subarray(0, bytes.length).equals(bytes)
  const { started } = isBeginning ? parseOpRecord(line, { opId: id }) : {}
  return started === undefined ? [] : [[id, { started, path }]]
}

/** The Ops of which only the beginning of their start line is on disk. Each can be closed as usual. */
export const interruptedStarts = defineFact({
  visit: (found): Fragment | undefined => {
    if (!found.ok || found.isSound || found.record.started !== undefined) return undefined
    const { id, path, bytes } = found
    return bytes.includes('\n') ? undefined : { id, path, bytes }
  },
  value: async (fragments, _, context): Promise<ReadonlyMap<OpId, InterruptedStart>> => {
    const starts = await mapConcurrent(fragments, CONCURRENCY, (each) =>
      startFromNote(context, each),
    )
    return new Map(starts.flat())
  },
})

/** A close that began and was never finished; its intent has the whole closed record. */
export type InterruptedClose = {
  readonly intent: CloseIntent
  /** Relative to the root, with `/`. */
  readonly path: string
  /** What is on disk: the beginning of the closed record, no record, or something else. */
  readonly onDisk: 'beginning' | 'nothing' | 'something-else'
}

const inspectInterruptedClose = async (
  context: CheckContext,
  intent: CloseIntent,
): Promise<InterruptedClose | undefined> => {
  const id = intent.id
  // `unreadable-record` reports a file that cannot be read.
  const found = await readRecord(context.ops.root, id).then(
    (file) => ({ file }),
    () => undefined,
  )
  if (found === undefined) return undefined
  const { file } = found
  // With `op-closures.jsonl`, the close that was begun still goes into the record, where it counts.
  if (file?.record.status === 'closed' && !file.record.beside) return undefined
  if (file !== undefined) {
    const begins = intent.bytes.subarray(0, file.bytes.length).equals(file.bytes)
    return { intent, path: file.path, onDisk: begins ? 'beginning' : 'something-else' }
  }
  const head = await headOf(context)
  if (head !== undefined && isInHead(head, id, intent.bytes)) return undefined
  return { intent, path: recordPath(id), onDisk: 'nothing' }
}

/** Every close that a crash cut off, or whose record disappeared before it was committed. */
export const interruptedCloses = memoized(async (context): Promise<readonly InterruptedClose[]> => {
  const intents = [...(await intentsOf(context)).values()].filter((intent) => !hasLiveOwner(intent))
  const inspected = await mapConcurrent(intents, CONCURRENCY, (intent) =>
    inspectInterruptedClose(context, intent),
  )
  return inspected.filter((close) => close !== undefined)
})
