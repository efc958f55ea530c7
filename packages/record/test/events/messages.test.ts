import { expect, test } from 'vitest'
import type * as z from 'zod/mini'
import { SHAPES } from '../../src/events/events.js'
import * as schemas from '../../src/schemas.js'
import { completed, ID, started } from '../support/records.js'

// People and programs read these messages when a record is refused: each field says what it must be.

const TEXT = 'must be text'
const FILLED = 'must not be empty'
const ULID = 'must be a ULID'
const NUMBER = 'must be a number'
const COUNT = 'must be a whole number'
const TIME = 'must be an ISO-8601 time with an offset'
const NEW_TIME = 'must be an ISO-8601 time in UTC with milliseconds'
const OUTCOME = 'must be one of done, failed, abandoned'
const CLOSER = 'must be one of agent, doctor_sweep'

type Expected = {
  readonly schema: z.ZodMiniType & { readonly shape: object }
  readonly required: Readonly<Record<string, string>>
  readonly optional?: Readonly<Record<string, string>>
}

const read = (event: string, fields: Expected['required']) => ({
  event: `must be ${event}`,
  invocation_id: ULID,
  ...fields,
})

const READ: Readonly<Record<string, Expected>> = {
  started: {
    schema: SHAPES.started,
    required: read('started', { profile_id: TEXT, action: TEXT, started_at: TIME }),
    optional: {
      request_text: TEXT,
      actor: TEXT,
      governance_context_hash: TEXT,
      governance_context_available: 'must be true or false',
      router_confidence: TEXT,
      mission_id: TEXT,
      wp_id: TEXT,
      model_id: TEXT,
    },
  },
  completed: {
    schema: SHAPES.completed,
    required: read('completed', { completed_at: TIME }),
    optional: { outcome: OUTCOME, closed_by: CLOSER, evidence_ref: TEXT },
  },
  artifact_link: {
    schema: SHAPES.artifact_link,
    required: read('artifact_link', { at: TIME, kind: TEXT, ref: TEXT }),
  },
  commit_link: {
    schema: SHAPES.commit_link,
    required: read('commit_link', { at: TIME, sha: TEXT }),
  },
  note: { schema: SHAPES.note, required: read('note', { at: TIME, text: TEXT }) },
  usage: {
    schema: SHAPES.usage,
    required: read('usage', { at: TIME }),
    optional: {
      model: TEXT,
      input_tokens: NUMBER,
      output_tokens: NUMBER,
      cost_usd: NUMBER,
      duration_ms: NUMBER,
    },
  },
  'index row': {
    schema: schemas.IndexRowSchema,
    required: {
      invocation_id: ULID,
      profile_id: TEXT,
      action: TEXT,
      started_at: TIME,
      completed_at: TIME,
      outcome: `${OUTCOME}, unknown`,
    },
    optional: { mission_id: TEXT, wp_id: TEXT },
  },
  'lifecycle event': {
    schema: schemas.LifecycleEventSchema,
    required: {
      agent: TEXT,
      at: TIME,
      canonical_action_id: TEXT,
      mission_id: TEXT,
      phase: 'must be one of started, completed, failed',
    },
    optional: { reason: TEXT, wp_id: TEXT },
  },
}

const WRITTEN: Readonly<Record<string, Expected>> = {
  'new started': {
    schema: schemas.NewStartedEventSchema,
    required: read('started', {
      profile_id: TEXT,
      action: TEXT,
      request_text: TEXT,
      actor: TEXT,
      mode_of_work: 'must be one of task_execution, advisory, mission_step, query',
      governance_context_hash: TEXT,
      governance_context_available: 'must be true or false',
      started_at: NEW_TIME,
    }),
    optional: {
      router_confidence: 'must be one of exact, canonical_verb, domain_keyword',
      mission_id: ULID,
      wp_id: TEXT,
      model_id: TEXT,
    },
  },
  'new completed': {
    schema: schemas.NewCompletedEventSchema,
    required: read('completed', { completed_at: NEW_TIME, outcome: OUTCOME, closed_by: CLOSER }),
    optional: { evidence_ref: TEXT },
  },
  'new artifact_link': {
    schema: schemas.NewArtifactLinkSchema,
    required: read('artifact_link', { at: NEW_TIME, kind: TEXT, ref: TEXT }),
  },
  'new commit_link': {
    schema: schemas.NewCommitLinkSchema,
    required: read('commit_link', { at: NEW_TIME, sha: TEXT }),
  },
  'new note': {
    schema: schemas.NewNoteSchema,
    required: read('note', { at: NEW_TIME, text: TEXT }),
  },
  'new usage': {
    schema: schemas.NewUsageSchema,
    required: read('usage', { at: NEW_TIME }),
    optional: {
      model: TEXT,
      input_tokens: COUNT,
      output_tokens: COUNT,
      cost_usd: NUMBER,
      duration_ms: COUNT,
    },
  },
}

const messagesOf = (schema: z.ZodMiniType, value: unknown): readonly (readonly string[])[] =>
  schema.safeParse(value).error?.issues.map(({ path, message }) => [path.join('.'), message]) ?? []

test.each(Object.entries({ ...READ, ...WRITTEN }))(
  'each field of a %s with another type says what it must be',
  (_, { schema, required, optional = {} }) => {
    const wrong = Object.fromEntries(Object.keys(schema.shape).map((field) => [field, {}]))
    expect(Object.fromEntries(messagesOf(schema, wrong))).toEqual({ ...required, ...optional })
    expect(messagesOf(schema, {}).map(([field]) => field)).toEqual(
      Object.keys(schema.shape).filter((field) => field in required),
    )
  },
)

test('what is no object is said', () => {
  for (const { schema } of Object.values(READ).filter((each) => each !== READ['index row'])) {
    expect(messagesOf(schema, 7)).toEqual([['', 'must be an object']])
  }
  for (const { schema } of Object.values(WRITTEN)) {
    const message = 'must be an object with the known fields and no others'
    expect(messagesOf(schema, 7)).toEqual([['', message]])
  }
})

const event = { invocation_id: ID, at: started.started_at }

test.each<[string, z.ZodMiniType, object, string]>([
  ['profile_id', SHAPES.started, { ...started, profile_id: '' }, FILLED],
  ['started_at', SHAPES.started, { ...started, started_at: 'x' }, TIME],
  ['invocation_id', SHAPES.started, { ...started, invocation_id: 'x' }, ULID],
  ['outcome', SHAPES.completed, { ...completed, outcome: undefined }, OUTCOME],
  [
    'sha',
    SHAPES.commit_link,
    { ...event, event: 'commit_link', sha: 'xabcdef0' },
    'must be 7 to 64 hex digits',
  ],
  ['event', schemas.UnknownEventSchema, { event: 'note' }, 'must not be the name of a known event'],
])('the %s of an event that is read must fit', (field, schema, value, message) => {
  expect(messagesOf(schema, value)).toEqual([[field, message]])
})

test('a completion with closed_by needs an outcome', () => {
  const { outcome: _, ...without } = completed
  const message = 'is required if closed_by is present'
  expect(messagesOf(SHAPES.completed, without)).toEqual([['outcome', message]])
})

const NewStarted = schemas.NewStartedEventSchema
const NewCommit = schemas.NewCommitLinkSchema
const NewUsage = schemas.NewUsageSchema
const NewNote = schemas.NewNoteSchema
const usage = { ...event, event: 'usage' }

test.each<[string, z.ZodMiniType, object, string]>([
  ['action', NewStarted, { ...started, action: 'a\u2029' }, 'must not contain control characters'],
  ['wp_id', NewStarted, { ...started, wp_id: 'x'.repeat(65) }, 'must be at most 64 characters'],
  ['started_at', NewStarted, { ...started, started_at: '2026-06-08T08:08:36Z' }, NEW_TIME],
  ['mission_id', NewStarted, { ...started, mission_id: 'x' }, ULID],
  [
    'governance_context_hash',
    NewStarted,
    { ...started, governance_context_hash: 'x0123456789abcdef' },
    'must be 16 hex digits, or empty',
  ],
  ['request_text', NewStarted, { ...started, request_text: '' }, 'can be empty only in mode query'],
  ['request_text', NewStarted, { ...started, request_text: ' ' }, 'must not be only whitespace'],
  [
    'request_text',
    NewStarted,
    { ...started, request_text: 'x'.repeat(2 ** 20 + 1) },
    'must be at most 1 MiB of UTF-8',
  ],
  [
    'sha',
    NewCommit,
    { ...event, event: 'commit_link', sha: 'ABCDEF0' },
    'must be 7 to 64 lowercase hex digits',
  ],
  ['text', NewNote, { ...event, event: 'note', text: ' ' }, FILLED],
  [
    'text',
    NewNote,
    { ...event, event: 'note', text: 'x'.repeat(2 ** 14 + 1) },
    'must be at most 16 KiB of UTF-8',
  ],
  ['input_tokens', NewUsage, { ...usage, input_tokens: -1 }, 'must not be negative'],
  ['input_tokens', NewUsage, { ...usage, input_tokens: 1.5 }, COUNT],
  ['cost_usd', NewUsage, { ...usage, cost_usd: -0.5 }, 'must not be negative'],
  [
    '',
    NewUsage,
    usage,
    'must have at least one of model, input_tokens, output_tokens, cost_usd, duration_ms',
  ],
])('the %s of an event that is written must fit', (field, schema, value, message) => {
  expect(messagesOf(schema, value)).toEqual([[field, message]])
})

test.each(['0'.repeat(7), 'a'.repeat(64)])('%s is the id of a commit', (sha) => {
  const link = { ...event, event: 'commit_link', sha }
  expect(messagesOf(NewCommit, link)).toEqual([])
  expect(messagesOf(SHAPES.commit_link, link)).toEqual([])
})

test.each(['0'.repeat(6), 'a'.repeat(65), 'abcdef0x', 'xabcdef0'])(
  '%s is not the id of a commit',
  (sha) => {
    const link = { ...event, event: 'commit_link', sha }
    expect(messagesOf(NewCommit, link)).toHaveLength(1)
    expect(messagesOf(SHAPES.commit_link, link)).toHaveLength(1)
  },
)
