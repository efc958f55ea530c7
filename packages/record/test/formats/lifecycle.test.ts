import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  formatLifecycleLine,
  type LifecycleEvent,
  pairLifecycle,
  parseLifecycleLog,
} from '../../src/index.js'
import { extraFields, label, timestamp } from '../support/arbitraries.js'
import { isDeeplyFrozen, OTHER_ID } from '../support/records.js'

const event: LifecycleEvent = {
  agent: 'claude',
  at: '2026-08-11T13:27:06.661768+00:00',
  canonical_action_id: 'plan::plan',
  mission_id: OTHER_ID,
  phase: 'started',
  reason: null,
  wp_id: null,
}

const lifecycleEvent: fc.Arbitrary<LifecycleEvent> = fc
  .record({
    agent: label(20),
    at: timestamp,
    canonical_action_id: fc.constantFrom('plan::plan', 'tasks::tasks'),
    metadata: extraFields,
    mission_id: fc.constantFrom('m1', 'm2'),
    phase: fc.constantFrom('started' as const, 'completed' as const, 'failed' as const),
    reason: fc.option(label(20)),
    wp_id: fc.option(label(20)),
  })
  .map((fields) => ({ ...fields }))

describe('the lifecycle line', () => {
  test('has its keys sorted at every depth, and null kept', () => {
    const metadata = { z: 1, '10': 2, '9': [{ b: 1, a: null }], gone: undefined }
    const line = formatLifecycleLine({ ...event, metadata })
    expect(line).toBe(
      `{"agent":"claude","at":"${event.at}","canonical_action_id":"plan::plan",` +
        '"metadata":{"10":2,"9":[{"a":null,"b":1}],"z":1},' +
        `"mission_id":"${OTHER_ID}","phase":"started","reason":null,"wp_id":null}\n`,
    )
  })

  test('is parsed as it was written, whatever its content', () => {
    fc.assert(
      fc.property(lifecycleEvent, (one) => {
        const line = formatLifecycleLine(one)
        const log = parseLifecycleLog(line)
        expect(log.events.map(formatLifecycleLine)).toEqual([line])
        expect(isDeeplyFrozen(log)).toBe(true)
      }),
    )
  })
})

describe('the lifecycle log', () => {
  const line = formatLifecycleLine(event)

  test('skips and counts lines that cannot be parsed, and ignores blank lines', () => {
    const bad = [line.slice(0, 20), '[]', '{"phase":"started"}', line.replace('started', 'begun')]
    const log = parseLifecycleLog(`${line}\n  \n${bad.join('\n')}\n`)
    expect(log).toEqual({ events: [event], skipped: 4, repeated: 0 })
  })

  test('counts identical lines once, as after a union merge', () => {
    expect(parseLifecycleLog(line + line + line.trim())).toMatchObject({
      events: [event],
      repeated: 2,
    })
  })

  test('reads null for a missing reason or work package', () => {
    const { reason: _reason, wp_id: _wp, ...least } = event
    expect(parseLifecycleLog(JSON.stringify(least)).events).toEqual([event])
  })

  test('reads no events from an empty text', () => {
    expect(parseLifecycleLog('')).toEqual({ events: [], skipped: 0, repeated: 0 })
  })
})

describe('pairing', () => {
  const started = event
  const completed: LifecycleEvent = { ...event, phase: 'completed' }
  const failed: LifecycleEvent = { ...event, phase: 'failed' }

  test.each([
    ['a start and an end', [started, completed], 0, 1],
    ['a start and a failure', [started, failed], 0, 1],
    ['a start alone', [started], 1, 0],
    ['two starts, one end: the second hides nothing', [started, started, completed], 1, 0.5],
    ['an end before the start', [completed, started], 0, 1],
    ['ends alone', [completed, failed], 0, 1],
    ['nothing', [], 0, 1],
  ])('%s', (_, events, unpaired, rate) => {
    const pairs = pairLifecycle(events)
    expect(pairs.unpaired).toHaveLength(unpaired)
    expect(pairs.rate).toBe(rate)
  })

  test('is by mission and by step: an end elsewhere does not count', () => {
    const events = [
      started,
      { ...completed, mission_id: 'other' },
      { ...completed, canonical_action_id: 'tasks::tasks' },
    ]
    const { groups, unpaired, rate } = pairLifecycle(events)
    expect(groups).toHaveLength(3)
    expect(unpaired).toEqual([
      {
        mission_id: OTHER_ID,
        canonical_action_id: 'plan::plan',
        started: [started],
        ended: [],
        unpaired: 1,
      },
    ])
    expect(rate).toBe(0)
  })

  test('cannot be changed', () => {
    const { groups, unpaired } = pairLifecycle([started, completed])
    const lists = [groups, unpaired, ...groups.flatMap((each) => [each, each.started, each.ended])]
    expect([pairLifecycle([]), ...lists].every((each) => Object.isFrozen(each))).toBe(true)
  })

  test('loses no event, and its rate is between 0 and 1', () => {
    fc.assert(
      fc.property(fc.array(lifecycleEvent), (events) => {
        const { groups, unpaired, rate } = pairLifecycle(events)
        const seen = groups.flatMap((group) => [...group.started, ...group.ended])
        expect(new Set(seen)).toEqual(new Set(events))
        expect(rate).toBeGreaterThanOrEqual(0)
        expect(rate).toBeLessThanOrEqual(1)
        expect(rate === 1).toBe(unpaired.length === 0)
      }),
    )
  })
})
