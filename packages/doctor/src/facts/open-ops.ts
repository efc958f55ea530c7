import { type OpId, parseOpRecord, parseTimestamp, type StartedEvent } from '@kitty/record'
import type { SessionEnd } from '@kitty/writer'
import { listStartNotes, ownerLiveness, readRecord, stateDirOf } from '@kitty/writer/internals'
import type { CheckContext } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import { memoized } from '../check/memo.js'
import { headOf, placesInHead, statusesInHead } from './head.js'
import { intentsOf, interruptedStarts } from './intents.js'
import { placesOf, visitRecords } from './record-pass.js'
import { closedInHead } from './unclosed-on-disk.js'

/** An Op that was started and not closed. */
export type OpenOp = {
  readonly id: OpId
  readonly profile_id: string
  readonly action: string
  readonly started_at: string
  /** `undefined` if `started_at` cannot be read. */
  readonly ageHours: number | undefined
  /** Its record, relative to the root, with `/`; `undefined` if it is gone from disk. */
  readonly path: string | undefined
  /** The process that opened it, if known. */
  readonly opener?: { readonly pid: string; readonly liveness: 'alive' | 'dead' | 'unknown' }
  /** Set if a command provably runs under it on this machine: how the command ends closes it. */
  readonly runs?: true
  /** How the session that opened it ended, if it has. */
  readonly left?: SessionEnd
}

const HOUR_MS = 3_600_000
const CONCURRENCY = 32

/** Whether an open Op is stale. One without a readable age is. */
export const isStale = ({ ageHours }: OpenOp, { thresholdHours }: CheckContext): boolean =>
  ageHours === undefined || ageHours >= thresholdHours

// A clock that was set back must not make an age negative.
const ageAt = (now: number, started_at: string): number | undefined => {
  const start = parseTimestamp(started_at)
  return start === undefined ? undefined : Math.max(0, now - start) / HOUR_MS
}

type Started = Omit<OpenOp, 'opener' | 'runs' | 'left'>

const startedOp = (
  context: CheckContext,
  event: StartedEvent,
  path: string | undefined,
): Started => ({
  id: event.invocation_id,
  profile_id: event.profile_id,
  action: event.action,
  started_at: event.started_at,
  ageHours: ageAt(context.now, event.started_at),
  path,
})

const withNote = async (context: CheckContext, op: Started): Promise<OpenOp> => {
  const { opener, command, left } = (await context.ops.startNote(op.id)) ?? {}
  const [pid = ''] = opener?.split('-') ?? []
  const liveness = opener === undefined ? undefined : ownerLiveness(opener)
  return {
    ...op,
    ...(liveness !== undefined && { opener: { pid, liveness } }),
    ...(command === true && liveness === 'alive' && { runs: true }),
    ...(left !== undefined && { left }),
  }
}

const openOnDisk = async (context: CheckContext): Promise<readonly Started[]> => {
  const ops: Started[] = []
  const visited = visitRecords(context, ({ path, ...found }) => {
    if ('error' in found || found.record.status !== 'open') return
    ops.push(startedOp(context, found.record.started, path))
  })
  const [cutOff] = await Promise.all([interruptedStarts(context), visited])
  return [
    ...ops,
    ...[...cutOff.values()].map(({ started, path }) => startedOp(context, started, path)),
  ]
}

/** Returns the Ops that have a start note and neither a record on disk nor an intent. */
const withoutRecord = async (context: CheckContext): Promise<readonly OpId[]> => {
  const opsFromNotes = await listStartNotes((await stateDirOf(context.ops.root)).dir)
  if (opsFromNotes.length === 0) return []
  const onDisk = new Set((await placesOf(context)).map(({ id }) => id))
  const intents = await intentsOf(context)
  const missing = opsFromNotes.filter((id) => !onDisk.has(id) && !intents.has(id))
  // It may have been opened after the folder was listed.
  const files = await mapConcurrent(missing, CONCURRENCY, (id) => readRecord(context.ops.root, id))
  return missing.filter((_, number) => files[number] === undefined)
}

/** Drops Ops that were closed elsewhere and pulled with git. Keeps all if git cannot read HEAD. */
const notClosedInHead = async (
  context: CheckContext,
  ids: readonly OpId[],
): Promise<readonly OpId[]> => {
  const head = ids.length === 0 ? undefined : await headOf(context).catch(() => undefined)
  if (head === undefined) return ids
  const inHead = ids.flatMap((id) => placesInHead(head, id).map((place) => ({ id, ...place })))
  const statuses = await statusesInHead(context, inHead)
  const closed = inHead.filter(({ blob }) => statuses.get(blob) === 'closed').map(({ id }) => id)
  return ids.filter((id) => !closed.includes(id))
}

const opsFromNotes = async (context: CheckContext, id: OpId): Promise<Started | undefined> => {
  const line = (await context.ops.startNote(id))?.line
  const started = line && parseOpRecord(line, { opId: id }).started
  return started ? startedOp(context, started, undefined) : undefined
}

const missingOnDisk = async (context: CheckContext): Promise<readonly Started[]> => {
  const ids = await notClosedInHead(context, await withoutRecord(context))
  const ops = await mapConcurrent(ids, CONCURRENCY, (id) => opsFromNotes(context, id))
  return ops.filter((op) => op !== undefined)
}

/**
 * Every open Op, oldest first, including those whose record is gone and that have only a start note. An Op
 * that HEAD has as closed is not open: its record was damaged.
 */
export const openOps = memoized(async (context): Promise<readonly OpenOp[]> => {
  const found = [openOnDisk(context), missingOnDisk(context), closedInHead(context)] as const
  const [onDisk, gone, closed] = await Promise.all(found)
  const open = [...onDisk, ...gone].filter(({ id }) => !closed.has(id))
  const ops = await mapConcurrent(open, CONCURRENCY, (op) => withNote(context, op))
  return ops.toSorted((a, b) => (a.id < b.id ? -1 : 1))
})
