import {
  formatLine,
  formatTimestamp,
  type OpEvent,
  type OpId,
  parseTimestamp,
  type StartedEvent,
} from '@kitty/record'
import {
  NewArtifactLinkSchema,
  NewCommitLinkSchema,
  NewCompletedEventSchema,
  NewNoteSchema,
  NewUsageSchema,
} from '@kitty/record/schemas'
import type { ZodMiniType } from 'zod/mini'
import {
  checkEvidence,
  promoteEvidence,
  refuseCredentials,
  refuseSecretsIn,
} from '../content/evidence.js'
import { redactSecrets } from '../content/redact.js'
import { artifactLink } from '../content/reference.js'
import { startsWith } from '../fs/bytes.js'
import { type Closing, invalidClosing } from './closing.js'
import type { StoreContext } from './context.js'

const LINE_FEED = 0x0a

const startsALine = (bytes: Buffer, at: number): boolean => at === 0 || bytes[at - 1] === LINE_FEED

/**
 * Finds where an interrupted append of these lines began: the first line start after which the file holds only a
 * beginning of the lines. Returns `undefined` if the file ends in another, torn line.
 */
const findInterruptedAppend = (current: Buffer, lines: Buffer): number | undefined => {
  for (let at = Math.max(0, current.length - lines.length); at <= current.length; at += 1) {
    const rest = current.subarray(at)
    if (startsALine(current, at) && startsWith(lines, rest)) return at
  }
  return undefined
}

/**
 * The bytes to append to a file so that it ends with these lines. A torn last line is terminated first. After an
 * interrupted append of the same lines, only the missing rest is returned, so a close can be repeated after
 * a crash. Empty if the file already ends with the lines. Pure.
 */
export const missingTail = (current: Buffer, lines: string): Buffer => {
  const wanted = Buffer.from(lines)
  const begun = findInterruptedAppend(current, wanted)
  if (begun === undefined) return Buffer.concat([Buffer.of(LINE_FEED), wanted])
  return wanted.subarray(current.length - begun)
}

/** The events of a close before `completed`. */
type ClosingEvents = {
  readonly events: readonly OpEvent[]
  /** How many secrets were replaced in the reason. */
  readonly redacted: number
}

/** The lines that close an Op, and the evidence that belongs to its commit. */
export type ClosingLines = {
  readonly text: string
  readonly evidence: readonly string[]
  /** See {@link ClosingEvents}. */
  readonly redacted: number
}

const checked = <T extends OpEvent>(
  schema: ZodMiniType<T>,
  event: { event: string; invocation_id: OpId; [field: string]: unknown },
): T => {
  const parsed = schema.safeParse(event)
  if (parsed.success) return parsed.data
  throw invalidClosing(parsed.error, event.event)
}

/** A caller can pass `undefined` in an optional field. */
const defined = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

const links = (ctx: StoreContext, id: OpId, at: string, closing: Closing): OpEvent[] => {
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
  // What is named twice is linked once.
  return [...new Map([...artifacts, ...commits].map((link) => [formatLine(link), link])).values()]
}

// The latest time that a record can hold.
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

// If the clock was set back, an Op must not end before it began.
const closingTime = (ctx: StoreContext, started: StartedEvent): string => {
  const begun = Math.min(parseTimestamp(started.started_at) ?? 0, LATEST)
  return formatTimestamp(Math.max(ctx.clock().getTime(), begun))
}

const linesOf = (events: readonly OpEvent[]): string => events.map(formatLine).join('')

const refuseLinkedSecrets = async (
  linked: readonly OpEvent[],
  patterns: readonly RegExp[],
): Promise<void> => {
  for (const [index, event] of linked.entries()) {
    if (event.event !== 'artifact_link') continue
    const what = `Artifact ${index + 1}`
    refuseCredentials(what, event.ref)
    await refuseSecretsIn(what, `${event.kind}\n${event.ref}`, patterns)
  }
}

const usages = (id: OpId, at: string, { usage }: Closing): OpEvent[] => {
  const reports = usage === undefined ? [] : [usage].flat()
  return reports.map((report) =>
    checked(NewUsageSchema, { ...defined(report), event: 'usage', invocation_id: id, at }),
  )
}

const noteOf = async (
  { redactPatterns }: StoreContext,
  id: OpId,
  at: string,
  { reason }: Closing,
  redact: boolean,
): Promise<ClosingEvents> => {
  if (reason === undefined) return { events: [], redacted: 0 }
  const { text, found } = redact
    ? await redactSecrets(reason, redactPatterns)
    : { text: reason, found: 0 }
  const note = checked(NewNoteSchema, { event: 'note', invocation_id: id, at, text })
  return { events: [note], redacted: found }
}

/**
 * Builds the links, the usage and the note of a close; writes nothing. Throws `CLOSING_INVALID`, and `EVIDENCE_SECRETS` for
 * a link that contains a secret.
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
  if (redact) await refuseLinkedSecrets(linked, ctx.redactPatterns)
  const { events, redacted } = await noteOf(ctx, id, at, closing, redact)
  return { events: [...linked, ...usages(id, at, closing), ...events], redacted }
}

/** Builds the lines of a close, `completed` last, and copies the evidence to its place. */
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
  // Checked before the evidence is copied, so that a refused close leaves no files behind.
  const completed = checked(NewCompletedEventSchema, base)
  if (closing.evidence === undefined) {
    return { text: linesOf([...events, completed]), evidence: [], redacted }
  }
  const redact = closing.redact ?? ctx.redact
  const evidence = await checkEvidence(
    ctx.root,
    started,
    closing.evidence,
    redact,
    ctx.redactPatterns,
  )
  const { evidence_ref, paths } = await promoteEvidence(ctx.root, id, evidence, ctx.durability)
  const withEvidence = checked(NewCompletedEventSchema, { ...base, evidence_ref })
  return { text: linesOf([...events, withEvidence]), evidence: paths, redacted }
}
