import { appendFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type OpId, parseOpId } from '@kitty/record'
import { describe, expect, it } from 'vitest'
import { toAbsolute } from '../../src/project/paths.js'
import {
  codeOf,
  DONE,
  eventsAt,
  intentIds,
  openIn,
  openStore,
  REQUEST,
  textAt,
} from '../support/store.js'
import { committing, writtenBy } from '../support/strategies.js'

describe('closing an Op', () => {
  it.each(['9999-12-31T23:59:59-01:00', 'yesterday', 7])('that began at %s works', async (at) => {
    const ops = await openStore({ strategy: committing() })
    const { id, path } = await ops.start(REQUEST)
    const [started] = await eventsAt(ops, path)
    const line = JSON.stringify({ ...started, started_at: at })
    await writeFile(toAbsolute(ops.root, path), `${line}\n`)
    expect((await ops.complete(id, DONE)).record.status).toBe('closed')
  })

  it('appends links and then the completed line, and commits the record', async () => {
    const strategy = committing()
    const ops = await openStore({ strategy, durability: 'power' })
    const { id, path } = await ops.start(REQUEST)
    const before = await textAt(ops, path)
    const completion = await ops.complete(id, {
      outcome: 'failed',
      closed_by: 'doctor_sweep',
      artifacts: ['src/a.ts', { kind: 'report', ref: 'https://example.org/r' }],
      commits: ['0123abc'],
    })
    expect((await textAt(ops, path)).startsWith(before)).toBe(true)
    const [, ...added] = await eventsAt(ops, path)
    expect(added).toMatchObject([
      { event: 'artifact_link', kind: 'file', ref: 'src/a.ts' },
      { event: 'artifact_link', kind: 'report', ref: 'https://example.org/r' },
      { event: 'commit_link', sha: '0123abc' },
      { event: 'completed', outcome: 'failed', closed_by: 'doctor_sweep' },
    ])
    expect(completion).toMatchObject({ path, commit: { sha: 'c1' }, notes: [] })
    expect(completion.record).toEqual((await ops.read(id)).record)
    expect(strategy.requests).toMatchObject([{ kind: 'op', durability: 'power' }])
    expect(await intentIds(ops)).toEqual([])
    expect(await ops.startNote(id)).toBeUndefined()
  })

  it('passes the record, its message, and the attributes until they are committed', async () => {
    const strategy = committing()
    const ops = await openStore({ strategy })
    const paths: string[] = []
    for (const outcome of ['done', 'abandoned'] as const) {
      const { id, path } = await ops.start(REQUEST)
      await ops.complete(id, { outcome })
      paths.push(path)
    }
    const [first, second] = strategy.requests
    expect(writtenBy(first)).toEqual([paths[0], 'kitty-ops/.gitattributes'])
    expect(writtenBy(second)).toEqual([paths[1]])
    expect(second).toMatchObject({ index: { path: 'kitty-ops/ops-index.jsonl' } })
    expect(second?.message).toMatch(/^op\(debugger-debbie\): investigate \[.{8}\]\n\nOp-Id: /)
  })

  it('is never before its start, even if the clock was set back', async () => {
    let now = new Date('2026-02-03T04:05:06.789Z')
    const ops = await openStore({ clock: () => now })
    const { id } = await ops.start(REQUEST)
    now = new Date('2026-02-03T03:00:00Z')
    const { record } = await ops.complete(id, DONE)
    expect(record.completed?.completed_at).toBe('2026-02-03T04:05:06.789Z')
    expect(record.problems).toEqual([])
  })

  it('ends a torn tail first', async () => {
    const ops = await openStore()
    const { id, path } = await ops.start(REQUEST)
    await appendFile(toAbsolute(ops.root, path), '{"event":"glossary_ch')
    const { record } = await ops.complete(id, DONE)
    expect(record.status).toBe('closed')
    const lines = (await textAt(ops, path)).split('\n')
    expect(lines).toHaveLength(4)
    expect(lines[1]).toBe('{"event":"glossary_ch')
  })

  it('restores the record if it is missing, and says so', async () => {
    const ops = await openStore({ strategy: committing() })
    const { id, path } = await ops.start(REQUEST)
    const before = await textAt(ops, path)
    await rm(join(ops.root, 'kitty-ops'), { recursive: true })
    const again = await openIn(ops.root, { strategy: committing() })
    const completion = await again.complete(id, DONE)
    expect(completion).toMatchObject({
      notes: [expect.stringContaining('restored')],
      commit: { status: 'committed' },
    })
    expect(completion.notes).toEqual([expect.stringContaining('restored from the start note')])
    expect((await textAt(ops, path)).startsWith(before)).toBe(true)
  })

  it('copies evidence, names it and commits it', async () => {
    const strategy = committing()
    const ops = await openStore({ strategy })
    const { id } = await ops.start(REQUEST)
    await writeFile(join(ops.root, 'log.txt'), 'it went well')
    const { record } = await ops.complete(id, { ...DONE, evidence: 'log.txt' })
    const copy = `.kittify/evidence/${id}/log.txt`
    expect(record.completed?.evidence_ref).toBe(copy)
    expect(await textAt(ops, copy)).toBe('it went well')
    expect(writtenBy(strategy.requests[0])).toContain(copy)
  })
})

describe('an Op that cannot be closed', () => {
  it.each([
    ['EVIDENCE_NOT_FOUND', { ...DONE, evidence: 'missing.txt' }],
    ['EVIDENCE_SECRETS', { ...DONE, artifacts: ['https://u:pw@host.example/'] }],
    ['CLOSING_INVALID', { ...DONE, commits: ['not hex'] }],
    ['CLOSING_INVALID', { ...DONE, artifacts: [{ kind: '', ref: 'a' }] }],
    ['CLOSING_INVALID', { ...DONE, artifacts: [''] }],
  ])('stays open after %s, unchanged and without an intent', async (code, closing) => {
    const ops = await openStore({ strategy: committing() })
    const { id, path } = await ops.start(REQUEST)
    const before = await textAt(ops, path)
    expect(await codeOf(ops.complete(id, closing))).toBe(code)
    expect(await textAt(ops, path)).toBe(before)
    expect(await intentIds(ops)).toEqual([])
    await ops.complete(id, DONE)
  })

  it('does not exist, or its id is not an Op id', async () => {
    const ops = await openStore()
    const untyped: readonly OpId[] = JSON.parse('["../started/x", ""]')
    for (const id of [parseOpId('01ARZ3NDEKTSV4RRFFQ69G5FAV'), ...untyped]) {
      expect(await codeOf(ops.complete(id, DONE))).toBe('OP_NOT_FOUND')
      expect(await codeOf(ops.read(id))).toBe('OP_NOT_FOUND')
    }
  })

  it('is text that has not been parsed, which does not compile', async () => {
    const ops = await openStore()
    // @ts-expect-error: text is not an id.
    expect(await codeOf(ops.complete('oops', DONE))).toBe('OP_NOT_FOUND')
  })

  it('has no readable start, and is unchanged', async () => {
    const ops = await openStore()
    const { id, path } = await ops.start(REQUEST)
    await writeFile(toAbsolute(ops.root, path), '{"event":"started"}\n')
    expect(await codeOf(ops.complete(id, DONE))).toBe('RECORD_DAMAGED')
    expect(await textAt(ops, path)).toBe('{"event":"started"}\n')
    expect(await intentIds(ops)).toEqual([])
  })

  it('would be unreadable once it is closed, and is unchanged', async () => {
    const ops = await openStore()
    const { id, path } = await ops.start(REQUEST)
    await appendFile(toAbsolute(ops.root, path), `${'x\n'.repeat(999)}x`)
    const before = await textAt(ops, path)
    expect((await ops.read(id)).record.status).toBe('open')
    expect(await codeOf(ops.complete(id, DONE))).toBe('RECORD_DAMAGED')
    expect(await textAt(ops, path)).toBe(before)
    expect(await intentIds(ops)).toEqual([])
  })
})
