import {
  formatLine,
  formatTimestamp,
  isEvent,
  NewArtifactLinkSchema,
  NewCommitLinkSchema,
  NewCompletedEventSchema,
  NewNoteSchema,
  type OpEvent,
  parseTimestamp,
  type StartedEvent,
} from '@kitty/record'
import type { ZodMiniType } from 'zod/mini'
import {
  checkEvidence,
  promoteEvidence,
  refuseCredentials,
  refuseSecrets,
} from '../content/evidence.js'
import { redactSecrets } from '../content/redact.js'
import { artifactLink } from '../content/reference.js'
import { startsWith } from '../fs/bytes.js'
import { type Closing, invalidClosing } from './closing.js'
import type { StoreContext } from './context.js'

const LINE_FEED = 0x0a

const startsALine = (bytes: Buffer, at: number): boolean => at === 0 || bytes[at - 1] === LINE_FEED

/**
 * Where an earlier append of these lines began: the first line start from which the file holds a
 * beginning of them and nothing else. `undefined` when the file ends in something else, torn.
 */
const findInterruptedAppend = (current: Buffer, lines: Buffer): number | undefined => {
  for (let at = Math.max(0, current.length - lines.length); at <= current.length; at += 1) {
    const rest = current.subarray(at)
    if (startsALine(current, at) && startsWith(lines, rest)) return at
  }
  return undefined
}

/**
 * The bytes that, appended to a file, make it end with these lines. A torn tail is ended first; of an
 * append of the very same lines that was cut off, only what is missing is added, so that it can be
 * repeated after a crash. Empty when the file ends with the lines already. Pure.
 */
export const missingTail = (current: Buffer, lines: string): Buffer => {
  const wanted = Buffer.from(lines)
  const begun = findInterruptedAppend(current, wanted)
  if (begun === undefined) return Buffer.concat([Buffer.of(LINE_FEED), wanted])
  return wanted.subarray(current.length - begun)
}

/** The events that come before `completed`. */
type ClosingEvents = {
  readonly events: readonly OpEvent[]
  /** How many secrets were taken out of the reason. */
  readonly redacted: number
}

/** The lines that close an Op, and what belongs to its commit. */
export type ClosingLines = {
  readonly text: string
  readonly evidence: readonly string[]
  /** See {@link ClosingEvents}. */
  readonly redacted: number
}

const checked = <T extends OpEvent>(schema: ZodMiniType<T>, event: unknown): T => {
  const parsed = schema.safeParse(event)
  if (parsed.success) return parsed.data
  throw invalidClosing(parsed.error)
}

const links = (ctx: StoreContext, id: string, at: string, closing: Closing): OpEvent[] => {
  const artifacts = (closing.artifacts ?? []).map((artifact) => {
    const { kind, ref } = typeof artifact === 'string' ? { kind: 'file', ref: artifact } : artifact
    const link = artifactLink(ctx.root, ref, kind)
    return checked(NewArtifactLinkSchema, {
      event: 'artifact_link',
      invocation_id: id,
      at,
      ...link,
    })
  })
  const commits = (closing.commits ?? []).map((sha) =>
    checked(NewCommitLinkSchema, { event: 'commit_link', invocation_id: id, at, sha }),
  )
  return [...artifacts, ...commits]
}

// The last moment that a record can hold.
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

// A clock that was set back must not make an Op end before it began.
const closingTime = (ctx: StoreContext, started: StartedEvent): string => {
  const begun = Math.min(parseTimestamp(started.started_at) ?? 0, LATEST)
  return formatTimestamp(Math.max(ctx.clock().getTime(), begun))
}

const linesOf = (events: readonly OpEvent[]): string => events.map(formatLine).join('')

const refuseLinkedSecrets = async (linked: readonly OpEvent[]): Promise<void> => {
  for (const event of linked) if (isEvent(event, 'artifact_link')) refuseCredentials(event.ref)
  await refuseSecrets(linesOf(linked))
}

const noteOf = async (
  id: string,
  at: string,
  reason: string | undefined,
  redact: boolean,
): Promise<ClosingEvents> => {
  if (reason === undefined) return { events: [], redacted: 0 }
  const { text, found } = redact ? await redactSecrets(reason) : { text: reason, found: 0 }
  const note = checked(NewNoteSchema, { event: 'note', invocation_id: id, at, text })
  return { events: [note], redacted: found }
}

/**
 * Makes the links and the note of a close; writes nothing. Throws `CLOSING_INVALID`, and `EVIDENCE_SECRETS`
 * for a link that holds a secret.
 */
export const closingEvents = async (
  ctx: StoreContext,
  started: StartedEvent,
  closing: Closing,
  at: string,
): Promise<ClosingEvents> => {
  const id = started.invocation_id
  const redact = closing.redact ?? ctx.redact
  const linked = links(ctx, id, at, closing)
  if (redact) await refuseLinkedSecrets(linked)
  const { events, redacted } = await noteOf(id, at, closing.reason, redact)
  return { events: [...linked, ...events], redacted }
}

/** Makes the lines, `completed` last; the evidence is in place once they exist. */
export const closingLines = async (
  ctx: StoreContext,
  started: StartedEvent,
  closing: Closing,
): Promise<ClosingLines> => {
  const id = started.invocation_id
  const at = closingTime(ctx, started)
  const { events, redacted } = await closingEvents(ctx, started, closing, at)
  const base = {
    event: 'completed',
    invocation_id: id,
    completed_at: at,
    outcome: closing.outcome,
    closed_by: closing.closed_by ?? 'agent',
  }
  // Checked before the evidence is copied: what is refused leaves nothing behind.
  const completed = checked(NewCompletedEventSchema, base)
  if (closing.evidence === undefined) {
    return { text: linesOf([...events, completed]), evidence: [], redacted }
  }
  const redact = closing.redact ?? ctx.redact
  const evidence = await checkEvidence(ctx.root, started, closing.evidence, redact)
  const { evidence_ref, paths } = await promoteEvidence(ctx.root, id, evidence, ctx.durability)
  const shown = checked(NewCompletedEventSchema, { ...base, evidence_ref })
  return { text: linesOf([...events, shown]), evidence: paths, redacted }
}
