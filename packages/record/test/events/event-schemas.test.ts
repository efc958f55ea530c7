import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ArtifactLinkSchema,
  CommitLinkSchema,
  CompletedEventSchema,
  OpEventSchema,
  StartedEventSchema,
  UnknownEventSchema,
} from '../../src/schemas.js'
import { unknownEvent } from '../support/arbitraries.js'
import { completed, ID, started } from '../support/records.js'

const at = '2026-06-08T08:08:36.010Z'
const artifact = { event: 'artifact_link', invocation_id: ID, at, kind: 'file', ref: 'a/b.txt' }
const commit = { event: 'commit_link', invocation_id: ID, at, sha: 'abc1234' }

describe('a started event', () => {
  const least = {
    event: 'started',
    invocation_id: ID,
    profile_id: 'p',
    action: 'a',
    started_at: at,
  }

  test('needs its name, id, profile, action and time, and no more', () => {
    expect(StartedEventSchema.parse(least)).toEqual(least)
    for (const field of Object.keys(least)) {
      const result = StartedEventSchema.safeParse({ ...least, [field]: undefined })
      expect(result.error?.issues.map((issue) => issue.path)).toEqual([[field]])
    }
  })

  test('reads null in an optional field as absent, and keeps null in an unknown field', () => {
    const read = StartedEventSchema.parse({ ...started, model_id: null, wp_id: null, novel: null })
    expect(read).toEqual({ ...started, novel: null })
  })

  test('cannot have null in a required field', () => {
    expect(StartedEventSchema.safeParse({ ...started, action: null }).success).toBe(false)
  })

  test.each([
    ['profile_id', ''],
    ['action', ''],
    ['started_at', 'yesterday'],
    ['invocation_id', 'not-a-ulid'],
    ['mission_id', 7],
    ['governance_context_available', 'yes'],
  ])('cannot have %s %j', (field, value) => {
    const result = StartedEventSchema.safeParse({ ...started, [field]: value })
    expect(result.error?.issues[0]?.path).toEqual([field])
    expect(result.error?.issues[0]?.message).toMatch(/^must /)
  })
})

describe('a completed event', () => {
  const { outcome: _outcome, closed_by: _closedBy, ...legacy } = completed

  test('without closed_by can leave out the outcome', () => {
    expect(CompletedEventSchema.parse({ ...legacy, outcome: null })).toEqual(legacy)
    expect(CompletedEventSchema.parse({ ...legacy, outcome: 'failed' }).outcome).toBe('failed')
  })

  test('with closed_by needs an outcome', () => {
    const result = CompletedEventSchema.safeParse({ ...legacy, closed_by: 'agent', outcome: null })
    expect(result.error?.issues.map((issue) => issue.path)).toEqual([['outcome']])
  })

  test.each([
    ['outcome', 'perfect'],
    ['closed_by', 'nobody'],
    ['completed_at', ''],
  ])('cannot have %s %j', (field, value) => {
    const result = CompletedEventSchema.safeParse({ ...completed, [field]: value })
    expect(result.error?.issues[0]?.path).toEqual([field])
  })
})

test('links need all their fields', () => {
  expect(ArtifactLinkSchema.parse(artifact)).toEqual(artifact)
  expect(CommitLinkSchema.parse(commit)).toEqual(commit)
  expect(ArtifactLinkSchema.safeParse({ ...artifact, ref: null }).success).toBe(false)
  expect(CommitLinkSchema.safeParse({ ...commit, sha: 'abc' }).success).toBe(false)
  expect(CommitLinkSchema.safeParse({ ...commit, sha: 'x'.repeat(40) }).success).toBe(false)
})

test('an unknown event is any object with another name', () => {
  fc.assert(
    fc.property(unknownEvent, (event) => {
      const line = JSON.stringify(UnknownEventSchema.parse(event))
      expect(JSON.parse(line)).toMatchObject({ event: 'unknown', name: event.event })
      expect(OpEventSchema.safeParse(event).success).toBe(true)
    }),
  )
  expect(UnknownEventSchema.safeParse({ event: 'started' }).success).toBe(false)
  expect(UnknownEventSchema.safeParse({ name: 'x' }).success).toBe(false)
  expect(UnknownEventSchema.safeParse({ event: 'x', big: 1n }).error?.issues).toMatchObject([
    { message: 'must be JSON' },
  ])
})

test('an event matches any of them, but not if it has a known name and is invalid', () => {
  for (const event of [started, completed, artifact, commit]) {
    expect(OpEventSchema.parse(event)).toEqual(event)
  }
  expect(OpEventSchema.safeParse({ ...started, action: '' }).success).toBe(false)
  expect(OpEventSchema.safeParse('started').success).toBe(false)
  expect(OpEventSchema.safeParse(null).success).toBe(false)
})

test('events are distinguished by name', () => {
  const event = OpEventSchema.parse(commit)
  expect(event.event === 'started').toBe(false)
  expect(event.event === 'commit_link' && event.sha).toBe('abc1234')
  const unknown = OpEventSchema.parse({ event: 'x', n: 1 })
  expect(unknown.event === 'unknown' && unknown.name).toBe('x')
  expect(unknown).toEqual({ event: 'unknown', name: 'x', line: '{"event":"x","n":1}' })
})
