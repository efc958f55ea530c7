import fc from 'fast-check'
import {
  formatTimestamp,
  MODES_OF_WORK,
  type NewArtifactLink,
  type NewCommitLink,
  type NewCompletedEvent,
  type NewNote,
  type NewStartedEvent,
  type NewUsage,
  newOpId,
  type OpId,
  OUTCOMES,
  ROUTER_CONFIDENCES,
} from '../../src/index.js'

/** Text with every character that can break a line, a trailer or a terminal. */
export const hostileText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\n', '\r\n', '\u2028', '\u2029', '\u0085', '\0', '\x1b[2J', '\ud800', ' '),
      fc.constantFrom('): ', ' [', ']', 'op(', '\n\nOp-Id: x', '\u202e', 'é', '😺'),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''))

const noControls = hostileText.map((text) => text.replace(/[\p{Cc}\u2028\u2029]/gu, ''))
export const label = (max: number): fc.Arbitrary<string> =>
  noControls.map((text) => text.slice(0, max) || 'x')

export const timestamp = fc
  .integer({ min: Date.parse('2000-01-01'), max: Date.parse('2100-01-01') })
  .map(formatTimestamp)
const opId = fc.integer({ min: 1, max: 2 ** 48 - 1 }).map((at) => newOpId(at))

export const newStarted: fc.Arbitrary<NewStartedEvent> = fc.record(
  {
    event: fc.constant('started' as const),
    invocation_id: opId,
    profile_id: label(200),
    action: label(200),
    request_text: hostileText.map((text) => `${text}.`),
    actor: label(200),
    mode_of_work: fc.constantFrom(...MODES_OF_WORK),
    governance_context_hash: fc.constantFrom('', '0123456789abcdef'),
    governance_context_available: fc.boolean(),
    router_confidence: fc.constantFrom(...ROUTER_CONFIDENCES),
    started_at: timestamp,
    mission_id: opId,
    wp_id: label(64),
    model_id: label(200),
  },
  {
    requiredKeys: [
      'event',
      'invocation_id',
      'profile_id',
      'action',
      'request_text',
      'actor',
      'mode_of_work',
      'governance_context_hash',
      'governance_context_available',
      'started_at',
    ],
  },
)

export const newCompleted = (id: OpId): fc.Arbitrary<NewCompletedEvent> =>
  fc.record(
    {
      event: fc.constant('completed' as const),
      invocation_id: fc.constant(id),
      completed_at: timestamp,
      outcome: fc.constantFrom(...OUTCOMES),
      closed_by: fc.constantFrom('agent' as const, 'doctor_sweep' as const),
      evidence_ref: label(200),
    },
    { requiredKeys: ['event', 'invocation_id', 'completed_at', 'outcome', 'closed_by'] },
  )

export const newArtifactLink: fc.Arbitrary<NewArtifactLink> = fc.record({
  event: fc.constant('artifact_link' as const),
  invocation_id: opId,
  at: timestamp,
  kind: label(20),
  ref: label(200),
})

export const newCommitLink: fc.Arbitrary<NewCommitLink> = fc.record({
  event: fc.constant('commit_link' as const),
  invocation_id: opId,
  at: timestamp,
  sha: fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 7, maxLength: 64 }),
})

export const newNote: fc.Arbitrary<NewNote> = fc.record({
  event: fc.constant('note' as const),
  invocation_id: opId,
  at: timestamp,
  text: hostileText.map((text) => `${text}.`),
})

export const newUsage: fc.Arbitrary<NewUsage> = fc.record(
  {
    event: fc.constant('usage' as const),
    invocation_id: opId,
    at: timestamp,
    model: label(200),
    input_tokens: fc.nat(),
    output_tokens: fc.nat(),
    cost_usd: fc.double({ min: 0, max: 1e6, noNaN: true }).map((cost) => cost + 0),
    duration_ms: fc.nat(),
  },
  { requiredKeys: ['event', 'invocation_id', 'at', 'input_tokens'] },
)

/** Unknown fields, nested to any depth. */
export const extraFields: fc.Arbitrary<Record<string, unknown>> = fc.dictionary(
  fc.oneof(
    hostileText.map((text) => `x${text}`),
    fc.constantFrom('__proto__', 'constructor', 'toString', '7'),
  ),
  fc.jsonValue(),
)

export const unknownEvent = fc
  .tuple(label(40), extraFields)
  .map(([name, fields]) => ({ ...fields, event: `x_${name}` }))
