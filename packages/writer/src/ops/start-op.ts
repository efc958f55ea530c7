import { createHash } from 'node:crypto'
import {
  formatLine,
  formatTimestamp,
  type KittyError,
  MAX_REQUEST_BYTES,
  type ModeOfWork,
  newOpId,
  type OpId,
  type RouterConfidence,
  type StartedEvent,
} from '@kitty/record'
import { NewStartedEventSchema } from '@kitty/record/schemas'
import { redactSecrets } from '../content/redact.js'
import { startsWith } from '../fs/bytes.js'
import { hasCode, throwExplained } from '../fs/errors.js'
import { selfOwner } from '../lock/owner.js'
import { createRecord, readRecord } from '../records/record-file.js'
import { removeStartNote, type StartNote, writeStartNote } from '../state/start-notes.js'
import type { Closing } from './closing.js'
import { type Completion, completeOp } from './complete-op.js'
import type { StoreContext } from './context.js'
import { firstIssue, usageError } from './errors.js'
import { headAtStart } from './head-at-start.js'
import { propagateInBackground } from './propagate.js'

/** What an Op is opened with. */
export type StartRequest = {
  readonly profile_id: string
  readonly action: string
  /** The request, in the caller's words; at most 1 MiB of UTF-8, not only whitespace. Can be empty only for `query`. */
  readonly request_text: string
  readonly actor?: string
  /** Default `task_execution`. */
  readonly mode_of_work?: ModeOfWork
  readonly mission_id?: string
  readonly wp_id?: string
  readonly model_id?: string
  readonly router_confidence?: RouterConfidence
  /** The text of the governance context; only its hash is recorded. */
  readonly governance?: string
  /** Overrides the store's setting for this Op. */
  readonly redact?: boolean
}

/** What an Op would be opened with. */
export type PlannedOp = {
  readonly event: StartedEvent
  /** How many secrets were replaced, in the request text and in the other texts. */
  readonly redacted: number
}

/** An Op that is open now. */
export type StartedOp = PlannedOp & {
  readonly id: OpId
  /** The record, relative to the root, with `/`. */
  readonly path: string
  /** Closes this Op, as `Ops.complete` does. */
  readonly complete: (closing: Closing) => Promise<Completion>
}

const refuse = (what: string): KittyError =>
  usageError(
    'REQUEST_INVALID',
    `The Op cannot be opened: ${what}`,
    'Correct the value, then open the Op again. Nothing was written.',
  )

/** Untyped callers can pass anything. The schema of the event checks all other fields. */
const checkTypes = (request: unknown): void => {
  if (typeof request !== 'object' || request === null) throw refuse('the request must be an object')
  const given: Readonly<Record<string, unknown>> = { ...request }
  const { request_text, governance = '', redact = true } = given
  if (typeof request_text !== 'string') throw refuse('request_text: must be text')
  if (typeof governance !== 'string') throw refuse('governance: must be text')
  if (typeof redact !== 'boolean') throw refuse('redact: must be true or false')
}

const hashOf = (context: string | undefined): string =>
  context === undefined ? '' : createHash('sha256').update(context).digest('hex').slice(0, 16)

const checkSize = (text: string): void => {
  const size = Buffer.byteLength(text)
  if (size <= MAX_REQUEST_BYTES) return
  throw usageError(
    'REQUEST_TOO_LARGE',
    `The request text has ${size} bytes; at most ${MAX_REQUEST_BYTES} are allowed.`,
    'Put the text into a file and pass the file as evidence when you close the Op.',
  )
}

const eventOf = (id: OpId, now: Date, request: StartRequest, text: string): StartedEvent => {
  const { redact: _, governance, request_text: __, actor, mode_of_work, ...rest } = request
  const given = Object.entries(rest).filter(([, value]) => value !== undefined)
  const parsed = NewStartedEventSchema.safeParse({
    ...Object.fromEntries(given),
    event: 'started',
    invocation_id: id,
    request_text: text,
    actor: actor ?? 'operator',
    mode_of_work: mode_of_work ?? 'task_execution',
    governance_context_hash: hashOf(governance),
    governance_context_available: governance !== undefined,
    started_at: formatTimestamp(now),
  })
  if (parsed.success) return parsed.data
  throw refuse(firstIssue(parsed.error, 'the request'))
}

/** The fields that can hold any text. A program can pass a secret in each by mistake. */
const TEXTS = ['request_text', 'profile_id', 'action', 'actor', 'wp_id', 'model_id'] as const

/** Replaces the secrets in a request, unless it says not to. */
const withoutSecrets = async (
  { redact, redactPatterns }: StoreContext,
  request: StartRequest,
): Promise<{ readonly values: StartRequest; readonly found: number }> => {
  if (!(request.redact ?? redact)) return { values: request, found: 0 }
  let values = request
  let found = 0
  for (const name of TEXTS) {
    const value: unknown = request[name]
    if (typeof value !== 'string') continue
    const redacted = await redactSecrets(value, redactPatterns)
    if (redacted.found === 0) continue
    found += redacted.found
    values = { ...values, [name]: redacted.text }
  }
  return { values, found }
}

/** Returns what an Op would be opened with; writes nothing. Throws `REQUEST_TOO_LARGE`, `REQUEST_INVALID`. */
export const planOp = async (ctx: StoreContext, request: StartRequest): Promise<PlannedOp> => {
  checkTypes(request)
  checkSize(request.request_text)
  const now = ctx.clock()
  const { values, found } = await withoutSecrets(ctx, request)
  const event = eventOf(newOpId(now.getTime()), now, values, values.request_text)
  return { event, redacted: found }
}

const noteOf = (
  ctx: StoreContext,
  line: string,
  head: string | undefined,
  closesIt: boolean,
): StartNote => ({
  line,
  ...(ctx.trackOpener && { opener: selfOwner() }),
  ...(closesIt && { command: true }),
  ...(ctx.session !== undefined && { session: ctx.session }),
  ...(ctx.openedBy !== undefined && { openedBy: ctx.openedBy }),
  ...(head !== undefined && { head }),
})

const createOrFind = async (ctx: StoreContext, id: OpId, line: string): Promise<string> => {
  try {
    return await createRecord(ctx.root, id, line, ctx.durability)
  } catch (error) {
    const there = hasCode(error, 'ALREADY_EXISTS') && (await readRecord(ctx.root, id))
    // A sweep of Ops of any age may have restored the record from the start note and closed it already.
    if (there && startsWith(there.bytes, Buffer.from(line))) return there.path
    // The id was not returned to the caller, so the Op would never be closed.
    await ctx.excludeLines.show([id])
    await removeStartNote(ctx.state, id)
    throw error
  }
}

/**
 * Opens an Op. `closesIt` is whether this process closes it with the result of what it runs under it. `Ops.start` says
 * what it guarantees and throws.
 */
export const startOp = async (
  ctx: StoreContext,
  request: StartRequest,
  closesIt = ctx.runsCommand,
): Promise<StartedOp> => {
  const planned = await planOp(ctx, request)
  const { event } = planned
  const id = event.invocation_id
  const line = formatLine(event)
  await ctx.stateFolder.ensure()
  const note = noteOf(ctx, line, await headAtStart(ctx), closesIt)
  await writeStartNote(ctx.state, id, note, ctx.durability)
  await ctx.excludeLines.hide([id])
  const path = await createOrFind(ctx, id, line)
  propagateInBackground(ctx, event)
  const complete = (closing: Closing): Promise<Completion> =>
    completeOp(ctx, id, closing).catch(throwExplained)
  return { ...planned, id, path, complete }
}
