import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpId } from '@kitty/record'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Closing } from '../../src/ops/closing.js'
import type { Ops } from '../../src/ops/ops.js'
import { openStore, REQUEST, textAt } from '../support/store.js'
import { committing } from '../support/strategies.js'

const CLOSING: Closing = {
  outcome: 'failed',
  artifacts: ['src/a.ts', { kind: 'page', ref: 'https://example.org/a' }],
  commits: ['abcdef1'],
  evidence: 'report.md',
  reason: 'The token ghp_0123456789abcdefghijABCDEFGHIJ012345 had expired.',
}

let ops: Ops
let id: OpId
let path: string

beforeEach(async () => {
  ops = await openStore({ strategy: committing() })
  await writeFile(join(ops.root, 'report.md'), 'What was found.\n')
  const started = await ops.start(REQUEST)
  id = started.id
  path = started.path
  await ops.complete(id, CLOSING)
})

const again = (change: Partial<Closing>) => ops.complete(id, { ...CLOSING, ...change })

describe('a repeated close succeeds', () => {
  const nothing = { artifacts: [], commits: [], evidence: undefined, reason: undefined }

  it.each<[string, Partial<Closing>]>([
    ['unchanged', {}],
    ['with only the outcome', nothing],
    ['with a part of it', { artifacts: ['src/a.ts'], reason: undefined }],
    ['with another spelling of a path', { artifacts: ['./src/../src/a.ts'] }],
  ])('%s', async (_, change) => {
    const before = await textAt(ops, path)
    expect(await again(change)).toMatchObject({
      already: true,
      id,
      path,
      record: { status: 'closed', completed: { outcome: 'failed' } },
      commit: { status: 'committed', sha: 'c1' },
      notes: [],
    })
    expect(await textAt(ops, path)).toBe(before)
  })

  it('by another closer, if the outcome is the same', async () => {
    const other = await ops.start(REQUEST)
    const swept = { outcome: 'abandoned', closed_by: 'doctor_sweep' } as const
    await ops.complete(other.id, swept)
    expect(await ops.complete(other.id, { outcome: 'abandoned' })).toMatchObject({
      already: true,
      record: { completed: { closed_by: 'doctor_sweep' } },
    })
  })
})

describe('a close that adds to the record is refused', () => {
  it.each<[string, Partial<Closing>]>([
    ['another outcome', { outcome: 'done' }],
    ['another artifact', { artifacts: ['src/b.ts'] }],
    ['another kind of artifact', { artifacts: [{ kind: 'page', ref: 'src/a.ts' }] }],
    ['another commit', { commits: ['abcdef2'] }],
    ['another reason', { reason: 'Something else.' }],
    ['a URL for evidence', { evidence: 'https://example.org/report' }],
    ['an artifact with a secret', { artifacts: ['https://user:secret@example.org'] }],
  ])('%s', async (_, change) => {
    const before = await textAt(ops, path)
    await expect(again(change)).rejects.toMatchObject({
      code: 'ALREADY_CLOSED',
      commit: { sha: 'c1' },
    })
    expect(await textAt(ops, path)).toBe(before)
  })

  it('evidence that has changed, has another name, or is gone', async () => {
    await writeFile(join(ops.root, 'report.md'), 'What was found later.\n')
    await expect(again({})).rejects.toMatchObject({ code: 'ALREADY_CLOSED' })
    await writeFile(join(ops.root, 'other.md'), 'What was found.\n')
    await expect(again({ evidence: 'other.md' })).rejects.toMatchObject({ code: 'ALREADY_CLOSED' })
    await rm(join(ops.root, 'report.md'))
    await expect(again({})).rejects.toMatchObject({ code: 'ALREADY_CLOSED' })
    await mkdir(join(ops.root, 'report.md'))
    await expect(again({})).rejects.toMatchObject({ code: 'ALREADY_CLOSED' })
  })
})

describe('a close that a record cannot hold', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a word', 'done'],
    ['no outcome', {}],
    ['an unknown outcome', { outcome: 'done|failed|abandoned' }],
    ['artifacts that are not a list', { outcome: 'done', artifacts: 'a.ts' }],
    ['an artifact without a place', { outcome: 'done', artifacts: [{ kind: 'file' }] }],
    ['commits that are not a list', { outcome: 'done', commits: 'abcdef1' }],
    ['evidence that is not text', { outcome: 'done', evidence: 7 }],
    ['an empty reason', { outcome: 'done', reason: ' \n' }],
    ['a long reason', { outcome: 'done', reason: 'x'.repeat(16_385) }],
  ])('(%s) is refused, and the Op stays open', async (_, closing) => {
    const open = await ops.start(REQUEST)
    const complete: (id: OpId, closing: never) => Promise<unknown> = ops.complete
    await expect(complete(open.id, closing as never)).rejects.toMatchObject({
      code: 'CLOSING_INVALID',
    })
    expect((await ops.read(open.id)).record.status).toBe('open')
  })

  it.each([undefined, null, 7, {}])('of %j, which is not an id, is not found', async (wrong) => {
    const complete: (id: never, closing: Closing) => Promise<unknown> = ops.complete
    await expect(complete(wrong as never, CLOSING)).rejects.toMatchObject({ code: 'OP_NOT_FOUND' })
  })
})
