import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatLine, type OpEvent, parseLine } from '../../src/index.js'
import {
  extraFields,
  newArtifactLink,
  newCommitLink,
  newCompleted,
  newStarted,
  unknownEvent,
} from '../support/arbitraries.js'
import { completed, ID, isDeeplyFrozen, started } from '../support/records.js'

const eventOf = (line: string): OpEvent | undefined => {
  const parsed = parseLine(line)
  return parsed.ok ? parsed.event : undefined
}

describe('a line and its event correspond', () => {
  test.each([
    ['started', newStarted],
    ['completed', newCompleted(ID)],
    ['artifact_link', newArtifactLink],
    ['commit_link', newCommitLink],
    ['unknown', unknownEvent],
  ])('%s, with any other fields', (_, events) => {
    fc.assert(
      fc.property(events, extraFields, (event, extra) => {
        const line = formatLine({ ...extra, ...event })
        const parsed = eventOf(line)
        expect(parsed).toEqual(JSON.parse(line))
        expect(parsed && formatLine(parsed)).toBe(line)
        expect(isDeeplyFrozen(parsed)).toBe(true)
      }),
    )
  })

  test('an event is one line with a single newline at its end', () => {
    fc.assert(
      fc.property(newStarted, (event) => {
        expect(formatLine(event).match(/\n/g)).toHaveLength(1)
        expect(formatLine(event).endsWith('}\n')).toBe(true)
      }),
    )
  })
})

test('known fields are in the order of the format, then the others in their own order', () => {
  const shuffled = { zebra: 1, ...Object.fromEntries(Object.entries(started).reverse()), ant: 2 }
  const keys = Object.keys(JSON.parse(formatLine({ ...shuffled, event: 'started' })))
  expect(keys).toEqual([...Object.keys(started), 'zebra', 'ant'])
})

test('a field without a value is left out, a field named __proto__ is not', () => {
  const extra = JSON.parse('{"__proto__": {"polluted": true}, "1": null}')
  const line = formatLine({ ...completed, ...extra, gone: undefined })
  expect(line).toBe(
    `${JSON.stringify(completed).slice(0, -1)},"1":null,"__proto__":{"polluted":true}}\n`,
  )
  const event = eventOf(line)
  expect(Object.keys(event ?? {})).toContain('__proto__')
  expect(event && 'polluted' in event).toBe(false)
})

test('null is absent in a known optional field, and kept everywhere else', () => {
  const event = eventOf(
    formatLine({ ...started, model_id: null, novel: { model_id: null }, other: null }),
  )
  expect(event).toEqual({ ...started, novel: { model_id: null }, other: null })
})

test.each([
  ['not JSON', 'hello', 'NOT_JSON', 'the line is not JSON'],
  ['empty', '', 'NOT_JSON', 'the line is not JSON'],
  ['NUL bytes', '\0\0\0', 'NUL_BYTES', 'the line contains NUL bytes'],
  ['ours', '<<<<<<< HEAD', 'CONFLICT_MARKER', 'the line is a git conflict marker'],
  ['base', '||||||| 123', 'CONFLICT_MARKER', 'the line is a git conflict marker'],
  ['middle', '=======', 'CONFLICT_MARKER', 'the line is a git conflict marker'],
  ['theirs', '>>>>>>> x', 'CONFLICT_MARKER', 'the line is a git conflict marker'],
  ['an array', '[]', 'EVENT_INVALID', 'the line is JSON, but not an object'],
  ['a number', '7', 'EVENT_INVALID', 'the line is JSON, but not an object'],
  ['null', 'null', 'EVENT_INVALID', 'the line is JSON, but not an object'],
  ['without a name', '{}', 'EVENT_INVALID', 'event: must be text'],
  ['with a wrong name', '{"event":7}', 'EVENT_INVALID', 'event: must be text'],
])('a line that is %s is not an event', (_, text, code, message) => {
  expect(parseLine(text)).toEqual({ ok: false, code, message })
})

test('an invalid known event names its invalid fields', () => {
  const line = formatLine({ ...started, action: '', governance_context_available: 1 })
  expect(parseLine(line)).toEqual({
    ok: false,
    code: 'EVENT_INVALID',
    message: 'action: must not be empty; governance_context_available: must be true or false',
  })
  expect(parseLine('{"event":"completed"}')).toMatchObject({
    message: 'invocation_id: must be a ULID; completed_at: must be an ISO-8601 time with an offset',
  })
})

test('inherited property names are not known events', () => {
  for (const name of ['constructor', '__proto__', 'toString']) {
    expect(eventOf(`{"event":"${name}"}`)).toEqual({ event: name })
  }
})

test('it throws for no line, however deeply nested', () => {
  const depth = 200_000
  const deep = `{"event":"x","deep":${'['.repeat(depth)}${']'.repeat(depth)}}`
  expect(isFrozenChain(Object.values(eventOf(deep) ?? {})[1], depth)).toBe(true)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => typeof parseLine(text).ok === 'boolean'),
  )
})

const isFrozenChain = (value: unknown, depth: number): boolean => {
  let inner = value
  for (let level = 1; level < depth; level += 1) {
    if (!Array.isArray(inner) || !Object.isFrozen(inner)) return false
    inner = inner[0]
  }
  return Object.isFrozen(inner)
}
