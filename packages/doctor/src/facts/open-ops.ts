import { type OpId, parseOpRecord, parseTimestamp, type StartedEvent } from '@kitty/record'
import type { StartNote } from '@kitty/writer'
import {
  asClosedBeside,
  listStartNotes,
  opsOfRunningCommands,
  ownerLiveness,
  readRecord,
  stateDirOf,
} from '@kitty/writer/internals'
import { type CheckContext, defineFact } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import { memoized } from '../check/memo.js'
import { headOf, placesInHead, statusesInHead } from './head.js'
import { intentsOf, interruptedStarts } from './intents.js'
import { ownRecords } from './own-ledger.js'
import { placesOf } from './record-pass.js'
import { unclosedInLedger } from './unclosed-in-ledger.js'
import { closedInHead } from './unclosed-on-disk.js'

/** An Op that was started and not closed. */
export type OpenOp = {
  readonly id: OpId
  readonly profileId: string
  readonly action: string
  readonly startedAt: string
  /** `undefined` if `startedAt` cannot be read. */
  readonly ageHours: number | undefined
  /** Its record, relative to the root, with `/`; `undefined` if it is gone from disk. */
  readonly path: string | undefined
  /** The process that opened it, if known. */
  readonly opener?: { readonly pid: string; readonly liveness: 'alive' | 'dead' | 'unknown' }
  /** Whether this clone has its start note: it was opened here. */
  readonly isNoted: boolean
  /** Set if a command provably runs under it on this machine: how the command ends closes it. */
  readonly runs?: true
  /** How the session that opened it ended, if it has. */
  readonly left?: { readonly reason?: string }
}

const HOUR_MS = 3_600_000
const CONCURRENCY = 32

/** Whether an open Op is stale. One without a readable age is. */
export const isStale = ({ ageHours }: OpenOp, { thresholdHours }: CheckContext): boolean =>
  ageHours === undefined || ageHours >= thresholdHours

// A clock that was set back must not make an age negative.
const ageAt = (now: number, startedAt: string): number | undefined => {
  const start = parseTimestamp(startedAt)
  return start === undefined ? undefined : Math.max(0, now - start) / HOUR_MS
}

type Started = Omit<OpenOp, 'opener' | 'isNoted' | 'runs' | 'left'>

const startedOp = (
  context: CheckContext,
  event: StartedEvent,
  path: string | undefined,
): Started => ({
  id: event.invocation_id,
  profileId: event.profile_id,
  action: event.action,
  startedAt: event.started_at,
  ageHours: ageAt(context.now, event.started_at),
  path,
})

/** The Ops whose command runs, although the process that started it may have been killed. */
const runningCommands = memoized(async () => opsOfRunningCommands())

const withNote = async (
  context: CheckContext,
  op: Started,
  note: StartNote | undefined,
): Promise<OpenOp> => {
  const { opener, command, left } = note ?? {}
  const [pid = ''] = opener?.split('-') ?? []
  const liveness = opener === undefined ? undefined : ownerLiveness(opener)
  const runs =
    command === true && (liveness === 'alive' || (await runningCommands(context)).has(op.id))
  return {
    ...op,
    isNoted: note !== undefined,
    ...(liveness !== undefined && { opener: { pid, liveness } }),
    ...(runs && { runs }),
    ...(left !== undefined && { left }),
  }
}

/** Makes an open Op whose record is not in this work tree from its start note. */
export const openOpFromNote = (
  context: CheckContext,
  started: StartedEvent,
  note: StartNote,
): Promise<OpenOp> => withNote(context, startedOp(context, started, undefined), note)

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

/** Drops Ops that the own ledger holds. What others publish closes no Op here. */
const notInLedger = async (
  context: CheckContext,
  ids: readonly OpId[],
): Promise<readonly OpId[]> => {
  const held = ids.length === 0 ? new Map() : await ownRecords(context)
  return ids.filter((id) => !held.has(id))
}

/** Drops Ops that HEAD has as closed. Keeps all if git cannot read it. */
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

/** Drops Ops that were closed elsewhere: the own ledger holds them, or a pull brought them. */
export const notClosedInGit = async (
  context: CheckContext,
  ids: readonly OpId[],
): Promise<readonly OpId[]> => notClosedInHead(context, await notInLedger(context, ids))

const opsFromNotes = async (context: CheckContext, id: OpId): Promise<Started | undefined> => {
  const line = (await context.ops.startNote(id))?.line
  const record = line && asClosedBeside(context.ops.root, parseOpRecord(line, { opId: id }))
  return record && record.status === 'open'
    ? startedOp(context, record.started, undefined)
    : undefined
}

const missingOnDisk = async (context: CheckContext): Promise<readonly Started[]> => {
  const ids = await notClosedInGit(context, await withoutRecord(context))
  const ops = await mapConcurrent(ids, CONCURRENCY, (id) => opsFromNotes(context, id))
  return ops.filter((op) => op !== undefined)
}

/**
 * Every open Op, oldest first, including those whose record is gone and that have only a start note. An Op
 * that HEAD or the own ledger has as closed is not open: its record was damaged, or put back.
 */
export const allOpenOps = defineFact({
  needs: { cutOff: interruptedStarts, closed: closedInHead, inLedger: unclosedInLedger },
  visit: (found, context) =>
    !found.ok || found.isSound || found.record.status !== 'open'
      ? undefined
      : startedOp(context, found.record.started, found.path),
  value: async (onDisk, { cutOff, closed, inLedger }, context): Promise<readonly OpenOp[]> => {
    const found = [missingOnDisk(context), cutOff(), closed(), inLedger()] as const
    const [gone, starts, inHead, held] = await Promise.all(found)
    const closedOps = new Set([...inHead.keys(), ...held.map(({ id }) => id)])
    const begun = [...starts.values()].map((op) => startedOp(context, op.started, op.path))
    const open = [...onDisk, ...begun, ...gone].filter(({ id }) => !closedOps.has(id))
    const ops = await mapConcurrent(open, CONCURRENCY, async (op) =>
      withNote(context, op, await context.ops.startNote(op.id)),
    )
    return ops.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  },
})
