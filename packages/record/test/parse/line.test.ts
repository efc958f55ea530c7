import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eventFields, formatLine, type OpEvent, parseLine } from '../../src/index.js'
import {
  extraFields,
  newArtifactLink,
  newCommitLink,
  newCompleted,
  newStarted,
  unknownEvent,
} from '../support/arbitraries.js'
import { completed, ID, isDeeplyFrozen, lineOf, started } from '../support/records.js'

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
  ])('%s, with any other fields', (_, events) => {
    fc.assert(
      fc.property<[OpEvent, Record<string, unknown>]>(events, extraFields, (event, extra) => {
        const line = formatLine({ ...extra, ...event })
        const parsed = eventOf(line)
        expect(parsed).toEqual(JSON.parse(line))
        expect(parsed && eventFields(parsed)).toBe(parsed)
        expect(parsed && formatLine(parsed)).toBe(line)
        expect(isDeeplyFrozen(parsed)).toBe(true)
      }),
    )
  })

  test('unknown, with any fields, as its exact text', () => {
    fc.assert(
      fc.property(unknownEvent, fc.constantFrom('', ' ', '\r'), (fields, end) => {
        const line = JSON.stringify(fields) + end
        const parsed = eventOf(`${line}\n`)
        expect(parsed).toEqual({ event: 'unknown', name: fields.event, line })
        expect(eventOf(line)).toEqual(parsed)
        expect(parsed && formatLine(parsed)).toBe(`${line}\n`)
        expect(parsed && eventFields(parsed)).toEqual(JSON.parse(line))
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

test('an event can have the name "unknown"', () => {
  const line = '{"event":"unknown","name":7,"line":null}'
  const event = eventOf(line)
  expect(event).toEqual({ event: 'unknown', name: 'unknown', line })
  expect(event && eventFields(event)).toEqual({ event: 'unknown', name: 7, line: null })
  expect(event && formatLine(event)).toBe(`${line}\n`)
})

test('line feeds between the fields of an unknown event do not become lines', () => {
  const event = eventOf('{"event":\n"x",\n"text":"a\\nb"}\n')
  expect(event && formatLine(event)).toBe('{"event": "x", "text":"a\\nb"}\n')
})

test('known fields are in the order of the format, then the others in their own order', () => {
  const reversed = Object.fromEntries(Object.entries(started).reverse())
  const shuffled = { zebra: 1, ...reversed, ...started, ant: 2 }
  expect(Object.keys(shuffled)[1]).toBe('started_at')
  const keys = Object.keys(JSON.parse(formatLine(shuffled)))
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
    lineOf({ ...started, model_id: null, novel: { model_id: null }, other: null }),
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
  ['six of ours', '<<<<<<', 'NOT_JSON', 'the line is not JSON'],
  ['six of base', '||||||', 'NOT_JSON', 'the line is not JSON'],
  ['six of middle', '======', 'NOT_JSON', 'the line is not JSON'],
  ['six of theirs', '>>>>>>', 'NOT_JSON', 'the line is not JSON'],
  ['ours at the end', 'x <<<<<<<', 'NOT_JSON', 'the line is not JSON'],
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
  const line = lineOf({ ...started, action: '', governance_context_available: 1 })
  expect(parseLine(line)).toEqual({
    ok: false,
    code: 'EVENT_INVALID',
    message: 'action: must not be empty; governance_context_available: must be true or false',
  })
  expect(parseLine('{"event":"completed"}')).toMatchObject({
    message: 'invocation_id: must be a ULID; completed_at: must be an ISO-8601 time with an offset',
  })
  // A record takes such a start into account, which a line alone does not.
  expect(parseLine(lineOf({ ...started, started_at: 'today' }))).toEqual({
    ok: false,
    code: 'EVENT_INVALID',
    message: 'started_at: must be an ISO-8601 time with an offset',
  })
})

test('inherited property names are not known events', () => {
  for (const name of ['constructor', '__proto__', 'toString']) {
    expect(eventOf(`{"event":"${name}"}`)).toMatchObject({ event: 'unknown', name })
  }
})

test('it throws for no line, however deeply nested', () => {
  const depth = 200_000
  const deep = `"deep":${'['.repeat(depth)}${']'.repeat(depth)}}`
  const known = eventOf(`${JSON.stringify(started).slice(0, -1)},${deep}`)
  expect(isFrozenChain(Object.values(known ?? {}).at(-1), depth)).toBe(true)
  const unknown = `{"event":"x",${deep}`
  expect(eventOf(unknown)).toEqual({ event: 'unknown', name: 'x', line: unknown })
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
