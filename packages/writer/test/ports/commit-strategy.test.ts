import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { parseOpRecord } from '@kitty/record'
import { expect, it } from 'vitest'
import { commitFailed, lockTimeout, recordChanged } from '../../src/commit/deferred.js'
import { type CommitRequest, noCommit, requestPaths } from '../../src/ports/commit-strategy.js'
import { IntentHeaderSchema, StartNoteSchema } from '../../src/state/wire.js'

const common = { message: 'm', durability: 'power' } as const
const op: CommitRequest = {
  ...common,
  kind: 'op',
  record: { path: 'r.jsonl', bytes: Buffer.of(), parsed: parseOpRecord('') },
  extras: ['a', 'b'],
}

it('the paths of a request are those to commit, and those to remove', () => {
  expect(requestPaths(op)).toEqual({ write: ['r.jsonl', 'a', 'b'], remove: [] })
  const moves = [
    { from: 'a', to: 'b' },
    { from: 'c', to: 'd' },
  ]
  expect(requestPaths({ ...common, kind: 'archive', moves })).toEqual({
    write: ['b', 'd'],
    remove: ['a', 'c'],
  })
  expect(requestPaths({ ...common, kind: 'untrack', path: 'x' })).toEqual({
    write: [],
    remove: ['x'],
  })
})

it('a strategy that commits nothing says so for each request', async () => {
  const strategy = noCommit()
  expect(strategy).toMatchObject({ name: 'none', commits: false, commitsOnlyItsPaths: true })
  const skipped = { status: 'skipped', reason: 'disabled' }
  expect(await strategy.commit('/root', [op, op])).toEqual([skipped, skipped])
})

it('a result without a commit says what happened and what to do', () => {
  expect(lockTimeout).toEqual({
    status: 'deferred',
    reason: 'lock-timeout',
    message: 'Timed out waiting for another commit in this work tree.',
    hint: 'Flush the store to commit the Op; otherwise it is committed with the next one.',
  })
  expect(recordChanged).toEqual({
    status: 'deferred',
    reason: 'record-changed',
    message: 'Another process changed the record while the Op was being closed.',
    hint: 'Check what changed the record. The Op stays pending.',
  })
  expect(commitFailed(new Error('odd'))).toEqual({
    status: 'failed',
    code: 'COMMIT_FAILED',
    message: 'Error: odd',
  })
})

it.skipIf(!existsSync('/dev/full'))('an error of the system has its code and a hint', async () => {
  const error: unknown = await writeFile('/dev/full', 'x').catch((e) => e)
  expect(commitFailed(error)).toMatchObject({
    status: 'failed',
    code: 'DISK_FULL',
    hint: 'Free some space, then try again.',
  })
})

it('what is in the state folder is read only if it fits', () => {
  const header = {
    owner: '',
    at: 1,
    strategy: 's',
    options: 'o',
    durability: 'process',
    evidence: ['e'],
    length: 0,
  }
  const more = { died: { owner: 'x', at: 2 } }
  const isIntent = (value: object) => IntentHeaderSchema.safeParse(value).success
  expect([header, { ...header, ...more, durability: 'power' }].every(isIntent)).toBe(true)
  // A result of another version is left out later.
  expect(isIntent({ ...header, result: 'unknown' })).toBe(true)
  for (const field of [...Object.keys(header), ...Object.keys(more)]) {
    expect(isIntent({ ...header, ...more, [field]: undefined })).toBe(false)
  }
  const wrong = { durability: 'x', died: {} }
  for (const [field, value] of Object.entries(wrong)) {
    expect(isIntent({ ...header, ...more, [field]: value })).toBe(false)
  }
  const note = { opener: 'o', command: true, session: 's', opened_by: 'b', head: 'h' }
  const full = { line: 'l', ...note, left: { at: 'a', reason: 'r' } }
  const isNote = (value: object) => StartNoteSchema.safeParse(value).success
  expect([{ line: 'l' }, full, { ...full, left: { at: 'a' } }].every(isNote)).toBe(true)
  for (const field of Object.keys(full)) expect(isNote({ ...full, [field]: 7 })).toBe(false)
  expect([note, { ...full, left: {} }].some(isNote)).toBe(false)
})
