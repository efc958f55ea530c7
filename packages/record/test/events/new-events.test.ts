import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_NOTE_BYTES, MAX_REQUEST_BYTES } from '../../src/index.js'
import {
  NewArtifactLinkSchema,
  NewCommitLinkSchema,
  NewCompletedEventSchema,
  NewNoteSchema,
  NewStartedEventSchema,
  NewUsageSchema,
  OpEventSchema,
} from '../../src/schemas.js'
import {
  newArtifactLink,
  newCommitLink,
  newCompleted,
  newNote,
  newStarted,
  newUsage,
} from '../support/arbitraries.js'
import { completed, ID, started } from '../support/records.js'

const issuesOf = (event: object) =>
  NewStartedEventSchema.safeParse(event).error?.issues.map((issue) => issue.path.join('.'))

describe('an event that can be written can be read', () => {
  test.each([
    ['started', newStarted, NewStartedEventSchema],
    ['completed', newCompleted(ID), NewCompletedEventSchema],
    ['artifact_link', newArtifactLink, NewArtifactLinkSchema],
    ['commit_link', newCommitLink, NewCommitLinkSchema],
    ['note', newNote, NewNoteSchema],
    ['usage', newUsage, NewUsageSchema],
  ])('%s', (_, events, schema) => {
    fc.assert(
      fc.property(events, (event) => {
        expect(schema.safeParse(event).success).toBe(true)
        expect(OpEventSchema.safeParse(event).success).toBe(true)
      }),
    )
  })
})

describe('a started event can be written', () => {
  test('only with every field that is always written', () => {
    for (const field of Object.keys(started)) {
      expect(issuesOf({ ...started, [field]: undefined })).toEqual([field])
    }
  })

  test.each([
    ['profile_id', 'a\nb'],
    ['profile_id', 'x'.repeat(201)],
    ['action', 'a\u2028b'],
    ['action', ''],
    ['actor', ''],
    ['mode_of_work', 'gardening'],
    ['governance_context_hash', 'ABCDEF0123456789'],
    ['governance_context_hash', '0123'],
    ['started_at', '2026-06-08T08:08:36+00:00'],
    ['router_confidence', 'vague'],
    ['mission_id', 'a-slug'],
    ['wp_id', 'W'.repeat(65)],
    ['wp_id', 'WP\t01'],
    ['model_id', null],
  ])('not with %s %j', (field, value) => {
    expect(issuesOf({ ...started, [field]: value })).toEqual([field])
  })

  test('not with an unknown field', () => {
    const result = NewStartedEventSchema.safeParse({ ...started, colour: 'red' })
    expect(result.error?.issues[0]).toMatchObject({ code: 'unrecognized_keys', keys: ['colour'] })
  })

  test('with an empty request only in mode query', () => {
    expect(issuesOf({ ...started, request_text: '' })).toEqual(['request_text'])
    expect(issuesOf({ ...started, request_text: '', mode_of_work: 'query' })).toBeUndefined()
    for (const mode_of_work of ['query', 'task_execution'] as const) {
      expect(issuesOf({ ...started, request_text: ' \n\t', mode_of_work })).toEqual([
        'request_text',
      ])
    }
  })

  test('with a request of at most 1 MiB, counted in bytes', () => {
    const full = 'é'.repeat(MAX_REQUEST_BYTES / 2)
    expect(issuesOf({ ...started, request_text: full })).toBeUndefined()
    expect(issuesOf({ ...started, request_text: `${full}x` })).toEqual(['request_text'])
  })
})

test.each([
  ['outcome', null],
  ['closed_by', undefined],
  ['completed_at', '2026-06-08T08:08:36Z'],
  ['evidence_ref', ''],
])('a completed event cannot be written with %s %j', (field, value) => {
  const result = NewCompletedEventSchema.safeParse({ ...completed, [field]: value })
  expect(result.error?.issues.map((issue) => issue.path)).toEqual([[field]])
})

describe('a note can be written', () => {
  const note = { event: 'note', invocation_id: ID, at: '2026-06-08T08:08:36.010Z' }
  const isFit = (text: unknown) => NewNoteSchema.safeParse({ ...note, text }).success

  test('with a text of at most 16 KiB, counted in bytes', () => {
    const full = 'é'.repeat(MAX_NOTE_BYTES / 2)
    expect([isFit(full), isFit(`${full}x`)]).toEqual([true, false])
  })

  test('only with text in it', () => {
    expect(['', ' \n\t', undefined, 7].map(isFit)).toEqual([false, false, false, false])
  })
})

describe('a usage can be written', () => {
  const usage = { event: 'usage', invocation_id: ID, at: '2026-06-08T08:08:36.010Z' }
  const isFit = (fields: object) => NewUsageSchema.safeParse({ ...usage, ...fields }).success

  test('with amounts that are not negative, and no other fields', () => {
    const fit = [{ model: 'm' }, { input_tokens: 0 }, { cost_usd: 0.0125 }, { duration_ms: 7 }]
    expect(fit.map(isFit)).toEqual([true, true, true, true])
    const unfit = [
      { input_tokens: -1 },
      { output_tokens: 1.5 },
      { cost_usd: Number.NaN },
      { cost_usd: Number.POSITIVE_INFINITY },
      { duration_ms: '7' },
      { model: 'a\nb' },
      { input_tokens: 1, tokens: 2 },
    ]
    expect(unfit.filter(isFit)).toEqual([])
  })

  test('only if it says something', () => {
    expect(isFit({})).toBe(false)
  })
})
