import { KittyError, MAX_NOTE_BYTES, parseOpRecord } from '@kitty/record'
import { describe, expect, it } from 'vitest'
import { checkClosing } from '../../src/ops/closing.js'
import {
  AlreadyClosedError,
  closeInProgress,
  firstIssue,
  recordChangedError,
  recordDamaged,
} from '../../src/ops/errors.js'
import { completedLine, idAt, startedLine } from '../support/records.js'

const ID = idAt(0)
const PATH = `kitty-ops/${ID}.jsonl`
const text = startedLine(ID) + completedLine(ID, { outcome: 'failed' })
const file = { path: PATH, bytes: Buffer.from(text) }

describe('what a caller passes to close an Op', () => {
  it.each<object>([
    { outcome: 'done' },
    { outcome: 'failed', closed_by: 'doctor_sweep', redact: false, link_commits: true },
    { outcome: 'abandoned', evidence: 'log.txt', artifacts: ['a', { kind: 'k', ref: 'r' }] },
    { outcome: 'done', evidence: { name: 'log.txt', bytes: Buffer.from('x') }, commits: [] },
    { outcome: 'done', reason: 'x'.repeat(MAX_NOTE_BYTES), usage: {} },
    { outcome: 'done', usage: [{ model: 'm' }, { input_tokens: 1 }] },
    { outcome: 'done', reason: undefined, usage: undefined, evidence: undefined },
  ])('is taken as it is: %j', (closing) => {
    expect(checkClosing(closing)).toEqual(closing)
  })

  it.each<[unknown, string]>([
    [undefined, 'closing: must be an object with an outcome'],
    ['done', 'closing: must be an object with an outcome'],
    [{}, 'outcome: must be one of done, failed, abandoned'],
    [{ outcome: 'perfect' }, 'outcome: must be one of done, failed, abandoned'],
    [{ outcome: 'done', closed_by: 'me' }, 'closed_by: must be one of agent, doctor_sweep'],
    [
      { outcome: 'done', evidence: 7 },
      'evidence: must be text, or an object with a name and bytes',
    ],
    [
      { outcome: 'done', evidence: { name: 'x', bytes: 'y' } },
      'evidence: must be text, or an object with a name and bytes',
    ],
    [{ outcome: 'done', artifacts: 'a' }, 'artifacts: must be a list'],
    [
      { outcome: 'done', artifacts: ['a', { ref: 'r' }] },
      'artifacts.1: must be text, or an object with the text fields kind and ref',
    ],
    [{ outcome: 'done', artifacts: ['a', ' '] }, 'artifacts.1: must not be empty'],
    [
      { outcome: 'done', artifacts: [{ kind: 'file', ref: '' }] },
      'artifacts.0.ref: must not be empty',
    ],
    [{ outcome: 'done', commits: 'abc' }, 'commits: must be a list'],
    [{ outcome: 'done', commits: [7] }, 'commits.0: must be text'],
    [{ outcome: 'done', reason: 7 }, 'reason: must be text'],
    [{ outcome: 'done', reason: ' \n' }, 'reason: must not be empty'],
    [
      { outcome: 'done', reason: `é${'x'.repeat(MAX_NOTE_BYTES - 1)}` },
      'reason: must be at most 16 KiB of UTF-8; pass longer text as evidence',
    ],
    [{ outcome: 'done', usage: 'much' }, 'usage: must be an object, or a list of objects'],
    [{ outcome: 'done', usage: null }, 'usage: must be an object, or a list of objects'],
    [{ outcome: 'done', usage: [[]] }, 'usage: must be an object, or a list of objects'],
    [{ outcome: 'done', link_commits: 1 }, 'link_commits: must be true or false'],
    [{ outcome: 'done', redact: 'no' }, 'redact: must be true or false'],
  ])('is refused with what is wrong: %j', (closing, message) => {
    const refusal = {
      code: 'CLOSING_INVALID',
      message: `The Op cannot be closed: ${message}`,
      hint: 'Correct the value, then close the Op again. Nothing was written.',
    }
    expect(() => checkClosing(closing)).toThrow(expect.objectContaining(refusal))
  })
})

describe('the error', () => {
  it('of a second close names the outcome, and where it is', () => {
    const record = parseOpRecord(text)
    if (record.status !== 'closed') throw new Error(record.status)
    const commit = { status: 'skipped', reason: 'disabled' } as const
    const error = new AlreadyClosedError({ ...file, record }, commit)
    expect(error).toBeInstanceOf(KittyError)
    expect(error).toMatchObject({
      code: 'ALREADY_CLOSED',
      message: `The Op is already closed with the outcome "failed": ${PATH}`,
      hint: 'Open a new Op for further work. A closed record never changes.',
      about: { path: PATH, id: ID },
      commit,
    })
    expect(error.file.record).toBe(record)
    const beside = new AlreadyClosedError({ ...file, record: { ...record, beside: true } }, commit)
    expect(beside.message).toBe(
      `The Op is already closed with the outcome "failed": kitty-ops/op-closures.jsonl, for ${PATH}`,
    )
  })

  it('of a damaged record says why it cannot be closed', () => {
    const damaged = { ...file, record: parseOpRecord('') }
    expect(recordDamaged(damaged)).toMatchObject({
      code: 'RECORD_DAMAGED',
      message: `The Op cannot be closed, because its record has no readable \`started\` event: ${PATH}`,
      hint: 'Parse the record to see its problems.',
      about: { path: PATH },
    })
    expect(recordDamaged(damaged, 'is odd').message).toContain('its record is odd: ')
  })

  it('of a close beside another one says what to do', () => {
    expect(closeInProgress(ID)).toMatchObject({
      code: 'CLOSE_IN_PROGRESS',
      message: `Another process is closing Op ${ID}.`,
      hint: 'Try again in a moment.',
      about: { id: ID },
    })
    expect(recordChangedError(ID)).toMatchObject({
      code: 'RECORD_CHANGED',
      message: `The record of Op ${ID} changed while the Op was being closed.`,
      hint: 'Check what changed the record. The Op stays pending.',
      about: { id: ID },
    })
  })

  it('of a schema is its first issue', () => {
    const issues = [
      { path: ['a', 0], message: 'is odd' },
      { path: ['b'], message: 'too' },
    ]
    expect(firstIssue({ issues })).toBe('a.0: is odd')
    expect(firstIssue({ issues: [] })).toBe('event: ')
  })
})
