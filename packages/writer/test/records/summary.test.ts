import { parseOpRecord } from '@kitty/record'
import { describe, expect, it } from 'vitest'
import { excerptOf, summaryOf } from '../../src/records/summary.js'
import { textMatcher } from '../../src/records/text-matcher.js'
import { completedLine, idAt, startedLine } from '../support/records.js'

const ID = idAt(0)
const PATH = `kitty-ops/${ID}.jsonl`
const lineOf = (event: string, fields: object): string =>
  `${JSON.stringify({ event, invocation_id: ID, at: '2026-01-05T10:00:30.000Z', ...fields })}\n`

describe('an excerpt', () => {
  it.each([
    [undefined, ''],
    ['', ''],
    [' \n\t\r\n ', ''],
    [' \n  First\t of  \u00a0these \r\nSecond', 'First of these'],
    ['One\rtwo', 'One'],
    ['x'.repeat(120), 'x'.repeat(120)],
    ['x'.repeat(121), `${'x'.repeat(119)}…`],
    [`${'x'.repeat(120)}  \n`, 'x'.repeat(120)],
    // Never half of a character.
    [`${'x'.repeat(118)}🐱🐱`, `${'x'.repeat(118)}…`],
    [`${'x'.repeat(117)}🐱xx`, `${'x'.repeat(117)}🐱…`],
  ])('of %j is %j', (text, excerpt) => {
    expect(excerptOf(text)).toBe(excerpt)
  })

  it('collapses as much white space as the longest excerpt has', () => {
    const text = `${`x${' '.repeat(3)}`.repeat(120)}y`
    expect(excerptOf(text)).toBe(`${'x '.repeat(120).slice(0, 119)}…`)
  })
})

describe('a summary', () => {
  const summary = (text: string) => {
    const record = parseOpRecord(text)
    return summaryOf({ path: PATH, record, bytes: Buffer.from(text) })
  }

  it('has what its record says, and nothing else', () => {
    const ending =
      lineOf('note', { text: 'Because.\nOf this.' }) + lineOf('usage', { input_tokens: 3 })
    const started = startedLine(ID, { actor: 'claude', mission_id: 'M1', wp_id: 'WP01' })
    expect(summary(started + ending + completedLine(ID))).toStrictEqual({
      invocation_id: ID,
      status: 'closed',
      profile_id: 'debugger-debbie',
      action: 'investigate',
      actor: 'claude',
      request_excerpt: 'Why does it fail?',
      started_at: '2026-01-05T10:00:00.000Z',
      outcome: 'done',
      completed_at: '2026-01-05T10:01:00.000Z',
      duration_ms: 60_000,
      reason_excerpt: 'Because.',
      usage: { input_tokens: 3 },
      mission_id: 'M1',
      wp_id: 'WP01',
      path: PATH,
    })
    expect(summary(startedLine(ID, { actor: null, request_text: '' }))).toStrictEqual({
      invocation_id: ID,
      status: 'open',
      profile_id: 'debugger-debbie',
      action: 'investigate',
      started_at: '2026-01-05T10:00:00.000Z',
      path: PATH,
    })
  })

  it('is not made of a record without a start', () => {
    expect(summary(completedLine(ID))).toBeUndefined()
    expect(summary('')).toBeUndefined()
  })
})

describe('a search for a text', () => {
  const record = parseOpRecord(
    startedLine(ID, {
      request_text: 'Warum fällt ΟΔΟΣ aus?',
      profile_id: 'the-profile',
      action: 'the-action',
      actor: 'the-actor',
      model_id: 'the-model',
      mission_id: 'the-mission',
      wp_id: 'the-package',
    }) +
      lineOf('note', { text: 'the-note' }) +
      lineOf('artifact_link', { kind: 'the-kind', ref: 'the-ref' }) +
      lineOf('commit_link', { sha: 'abcdef012' }) +
      lineOf('usage', { model: 'the-used' }) +
      lineOf('other', { text: 'the-other' }) +
      completedLine(ID, { evidence_ref: 'the-evidence' }),
  )

  it.each([
    'FÄLLT',
    'fa\u0308llt',
    'οδος',
    'ΟΔΟΣ',
    'aus?',
    'the-profile',
    'the-action',
    'the-actor',
    'the-model',
    'the-mission',
    'the-package',
    'THE-NOTE',
    'the-ref',
    'ABCDEF',
    'the-evidence',
    '',
  ])('finds %j', (text) => {
    expect(textMatcher(text)(record)).toBe(true)
  })

  it.each(['the-kind', 'the-used', 'the-other', 'done', 'a.s', 'the-notes'])(
    'does not find %j',
    (text) => {
      expect(textMatcher(text)(record)).toBe(false)
    },
  )

  it('finds nothing in a record without events', () => {
    expect(textMatcher('')(parseOpRecord(''))).toBe(false)
  })
})
