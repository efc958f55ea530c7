import {
  type ClosedBy,
  formatLine,
  formatTimestamp,
  isEvent,
  NewArtifactLinkSchema,
  NewCommitLinkSchema,
  NewCompletedEventSchema,
  type OpEvent,
  type Outcome,
  parseTimestamp,
  type StartedEvent,
} from '@kitty/record'
import type { ZodMiniType } from 'zod/mini'
import { artifactLink } from './artifact-ref.js'
import { checkEvidence, promoteEvidence, refuseCredentials, refuseSecrets } from './evidence.js'
import { firstIssue } from './first-issue.js'
import { type OpsContext, usageError } from './ops-options.js'

/** How an Op is closed. */
export type Closing = {
  readonly outcome: Outcome
  /** Default `agent`. */
  readonly closed_by?: ClosedBy
  /** A file below the root, which is copied and committed with the Op; or a URL, which is noted. */
  readonly evidence?: string
  /** What the Op made: paths or URLs, with the kind `file` unless another is given. */
  readonly artifacts?: readonly (string | { readonly kind: string; readonly ref: string })[]
  /** Commits the Op made, 7 to 64 hex digits each. */
  readonly commits?: readonly string[]
  /** False takes evidence as it is, secrets and all. Overrides the store's setting. */
  readonly redact?: boolean
}

/** The lines that close an Op, and what belongs to its commit besides. */
export type ClosingLines = {
  readonly text: string
  readonly evidence: readonly string[]
}

const checked = <T extends OpEvent>(schema: ZodMiniType<T>, event: unknown): T => {
  const parsed = schema.safeParse(event)
  if (parsed.success) return parsed.data
  throw usageError(
    'CLOSING_INVALID',
    `The Op cannot be closed like this: ${firstIssue(parsed.error)}`,
    'Nothing was written and the Op is still open. Correct the value and close it again.',
  )
}

const links = (ops: OpsContext, id: string, at: string, closing: Closing): OpEvent[] => {
  const artifacts = (closing.artifacts ?? []).map((artifact) => {
    const { kind, ref } = typeof artifact === 'string' ? { kind: 'file', ref: artifact } : artifact
    const link = artifactLink(ops.root, ref, kind)
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
const closingTime = (ops: OpsContext, started: StartedEvent): string => {
  const begun = Math.min(parseTimestamp(started.started_at) ?? 0, LATEST)
  return formatTimestamp(Math.max(ops.clock().getTime(), begun))
}

const linesOf = (events: readonly OpEvent[]): string => events.map(formatLine).join('')

const refuseLinkedSecrets = async (linked: readonly OpEvent[]): Promise<void> => {
  for (const event of linked) if (isEvent(event, 'artifact_link')) refuseCredentials(event.ref)
  await refuseSecrets(linesOf(linked))
}

/** Makes the lines, `completed` last; the evidence is in place once they exist. */
export const closingLines = async (
  ops: OpsContext,
  started: StartedEvent,
  closing: Closing,
): Promise<ClosingLines> => {
  const id = started.invocation_id
  const at = closingTime(ops, started)
  const lookForSecrets = closing.redact ?? ops.redact
  const linked = links(ops, id, at, closing)
  if (lookForSecrets) await refuseLinkedSecrets(linked)
  const base = {
    event: 'completed',
    invocation_id: id,
    completed_at: at,
    outcome: closing.outcome,
    closed_by: closing.closed_by ?? 'agent',
  }
  // Checked before the evidence is copied: what is refused leaves nothing behind.
  const completed = checked(NewCompletedEventSchema, base)
  if (closing.evidence === undefined) return { text: linesOf([...linked, completed]), evidence: [] }
  const evidence = await checkEvidence(ops.root, started, closing.evidence, lookForSecrets)
  const { evidence_ref, paths } = await promoteEvidence(ops.root, id, evidence, ops.durability)
  const shown = checked(NewCompletedEventSchema, { ...base, evidence_ref })
  return { text: linesOf([...linked, shown]), evidence: paths }
}
