import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  durationMs,
  eventFields,
  formatIndexRow,
  formatLifecycleLine,
  formatLine,
  formatOpCommitMessage,
  formatOpRecord,
  indexRowOf,
  type OpEvent,
  outcomeOf,
  parseIndexRow,
  parseLifecycleLog,
  parseOpCommitMessage,
  parseOpRecord,
  reasonOf,
} from '../src/index.js'
import { ID, OTHER_ID } from './support/records.js'

// These files have the released format. Never edit them; a new format gets new files.
const fixture = (name: string): string =>
  readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8')

const events: OpEvent[] = [
  {
    event: 'started',
    invocation_id: ID,
    profile_id: 'debugger-debbie',
    action: 'investigate',
    request_text: 'Why does "build" fail?\nSee the log: é 😺 \u2028',
    actor: 'claude',
    mode_of_work: 'mission_step',
    governance_context_hash: '257c5688abaca9ae',
    governance_context_available: true,
    router_confidence: 'canonical_verb',
    started_at: '2026-06-08T08:08:36.010Z',
    mission_id: OTHER_ID,
    wp_id: 'WP01',
    model_id: 'large-1',
  },
  {
    event: 'artifact_link',
    invocation_id: ID,
    at: '2026-06-08T08:09:36.010Z',
    kind: 'file',
    ref: 'src/main.ts',
  },
  {
    event: 'commit_link',
    invocation_id: ID,
    at: '2026-06-08T08:09:36.010Z',
    sha: '0123456789abcdef0123456789abcdef01234567',
  },
  {
    event: 'completed',
    invocation_id: ID,
    completed_at: '2026-06-08T08:09:36.010Z',
    outcome: 'done',
    closed_by: 'agent',
    evidence_ref: `.kittify/evidence/${ID}/report.md`,
  },
]

describe('the bytes that are written today', () => {
  const text = fixture('closed-record.jsonl')
  const record = parseOpRecord(text, { opId: ID })

  test('of a closed record', () => {
    expect(events.map(formatLine).join('')).toBe(text)
    expect(record).toMatchObject({ status: 'closed', events, problems: [], legacy: false })
  })

  test('of a closed record with a reason', () => {
    const [opened, , , closed] = events
    if (opened === undefined || closed === undefined) return expect.unreachable()
    const at = '2026-06-08T08:09:36.010Z'
    const note = {
      event: 'note' as const,
      invocation_id: ID,
      at,
      text: 'The "disk"\nwas full: é 😺',
    }
    const said = fixture('closed-record-with-note.jsonl')
    expect([opened, note, closed].map(formatLine).join('')).toBe(said)
    expect(reasonOf(parseOpRecord(said, { opId: ID }))).toBe(note.text)
  })

  test('of its commit message', () => {
    const message = fixture('commit-message.txt')
    expect(formatOpCommitMessage(record)).toBe(message)
    expect(parseOpCommitMessage(message)).toMatchObject({ op_id: ID, wp_id: 'WP01' })
  })

  test('of its index row', () => {
    const row = indexRowOf(record)
    expect(row && formatIndexRow(row)).toBe(fixture('index-row.jsonl'))
    expect(parseIndexRow(fixture('index-row.jsonl'))).toEqual(row)
  })

  test('of the smallest record, open', () => {
    const open = parseOpRecord(fixture('open-record.jsonl'), { opId: ID })
    expect(open).toMatchObject({ status: 'open', problems: [] })
    expect(open.events.map(formatLine).join('')).toBe(fixture('open-record.jsonl'))
  })

  test('of a lifecycle line', () => {
    const log = parseLifecycleLog(fixture('lifecycle.jsonl'))
    expect(log.events).toMatchObject([{ phase: 'failed', metadata: { a: [null], z: 1 } }])
    expect(log.events.map(formatLifecycleLine).join('')).toBe(fixture('lifecycle.jsonl'))
  })
})

test('the bytes that older versions wrote are read', () => {
  const text = fixture('legacy-record.jsonl')
  const record = parseOpRecord(text, { opId: ID })
  expect(record.events.map(({ event }) => event)).toEqual([
    'started',
    'unknown',
    'completed',
    'commit_link',
  ])
  expect(record.problems.map(({ line, code }) => [line, code])).toEqual([[3, 'LEGACY_COMPLETION']])
  expect(record).toMatchObject({ status: 'closed', legacy: true })
  expect(outcomeOf(record)).toBe('unknown')
  expect(durationMs(record)).toBe(900)
  expect(record.events[1]).toEqual({
    event: 'unknown',
    name: 'glossary_checked',
    line: text.split('\n')[1],
  })
  expect(record.events.map(eventFields)[1]).toMatchObject({ matched: [], severity: null })
  expect(formatOpRecord(record)).toBe(text)
})
