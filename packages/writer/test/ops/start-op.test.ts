import { createHash } from 'node:crypto'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { selfOwner } from '../../src/lock/owner.js'
import { SECRETS } from '../support/secrets.js'
import {
  codeOf,
  contentsBelow,
  eventsAt,
  openStore,
  REQUEST,
  stateOf,
  textAt,
} from '../support/store.js'

const filesBelow = async (root: string): Promise<string[]> => {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}

describe('opening an Op', () => {
  it('writes its record and its start note', async () => {
    const clock = () => new Date('2026-02-03T04:05:06.789Z')
    const ops = await openStore({ clock, durability: 'power' })
    const op = await ops.start({ ...REQUEST, governance: 'Be kind.', wp_id: 'WP01' })
    expect(op).toMatchObject({ path: `kitty-ops/${op.id}.jsonl`, redacted: 0 })
    const [event, ...more] = await eventsAt(ops, op.path)
    expect(more).toEqual([])
    expect(event).toEqual(op.event)
    expect(event).toMatchObject({
      ...REQUEST,
      event: 'started',
      invocation_id: op.id,
      actor: 'operator',
      mode_of_work: 'task_execution',
      governance_context_hash: createHash('sha256').update('Be kind.').digest('hex').slice(0, 16),
      governance_context_available: true,
      started_at: '2026-02-03T04:05:06.789Z',
      wp_id: 'WP01',
    })
    expect(await ops.startNote(op.id)).toEqual({
      line: await textAt(ops, op.path),
      opener: selfOwner(),
    })
  })

  it('returns an Op that can close itself, and is the same as JSON', async () => {
    const ops = await openStore()
    const { complete, ...data } = await ops.start(REQUEST)
    expect(JSON.parse(JSON.stringify({ ...data, complete }))).toEqual(data)
    const { id } = await complete({ outcome: 'failed', reason: 'No luck.' })
    expect(id).toBe(data.id)
    expect(await ops.list()).toMatchObject([{ invocation_id: id, outcome: 'failed' }])
    expect(await codeOf(complete({ outcome: 'done' }))).toBe('ALREADY_CLOSED')
    expect(await ops.complete(id, { outcome: 'failed' })).toMatchObject({
      already: true,
    })
  })

  it('without doing the work stores no opener', async () => {
    const ops = await openStore({ trackOpener: false })
    const { id } = await ops.start(REQUEST)
    expect(await ops.startNote(id)).not.toHaveProperty('opener')
  })

  it('replaces secrets before the first byte is written', async () => {
    const [kind, text, secret] = SECRETS[0] ?? ['', '', '']
    const ops = await openStore()
    const op = await ops.start({ ...REQUEST, request_text: `Use ${text} for it` })
    expect(op.redacted).toBe(1)
    expect(op.event.request_text).toContain(`[REDACTED:${kind}]`)
    expect(await contentsBelow(ops.root)).not.toContain(secret)
    const asItIs = await ops.start({ ...REQUEST, request_text: text, redact: false })
    expect(asItIs).toMatchObject({ redacted: 0, event: { request_text: text } })
  })

  it('replaces secrets in the short texts, too', async () => {
    const [kind, , secret] = SECRETS[0] ?? ['', '', '']
    const names = ['profile_id', 'action', 'actor', 'wp_id', 'model_id'] as const
    const ops = await openStore()
    for (const name of names) {
      const op = await ops.start({ ...REQUEST, [name]: secret })
      expect(op.redacted).toBe(1)
      expect(op.event[name]).toBe(`[REDACTED:${kind}]`)
      await op.complete({ outcome: 'done' })
    }
    expect(await contentsBelow(ops.root)).not.toContain(secret)
    const asItIs = await ops.start({ ...REQUEST, model_id: secret, redact: false })
    expect(asItIs.event.model_id).toBe(secret)
  })

  it.each([
    ['REQUEST_TOO_LARGE', { request_text: 'é'.repeat(512 * 1024 + 1) }],
    ['REQUEST_INVALID', { profile_id: '' }],
    ['REQUEST_INVALID', { action: 'two\nlines' }],
    ['REQUEST_INVALID', { request_text: '' }],
    ['REQUEST_INVALID', { request_text: ' \n\t\u00a0' }],
    ['REQUEST_INVALID', { request_text: ' ', mode_of_work: 'query' as const }],
    ['REQUEST_INVALID', { mission_id: 'not a ULID' }],
  ])('with an invalid request is refused, %s, and writes nothing', async (code, wrong) => {
    const ops = await openStore()
    const before = await filesBelow(ops.root)
    expect(await codeOf(ops.start({ ...REQUEST, ...wrong }))).toBe(code)
    expect(await filesBelow(ops.root)).toEqual(before)
  })

  it.each<[string, unknown]>([
    ['nothing at all', undefined],
    ['null', null],
    ['a text', 'Mend it'],
    ['no request text', { profile_id: 'p', action: 'a' }],
    ['a number as request text', { ...REQUEST, request_text: 7 }],
    ['null as request text', { ...REQUEST, request_text: null }],
    ['no profile', { action: 'a', request_text: 'x' }],
    ['a number as action', { ...REQUEST, action: 7 }],
    ['a list as actor', { ...REQUEST, actor: ['x'] }],
    ['a number as governance', { ...REQUEST, governance: 7 }],
    ['text for redact', { ...REQUEST, redact: 'no' }],
    ['an unknown mode', { ...REQUEST, mode_of_work: 'play' }],
    ['null as mission', { ...REQUEST, mission_id: null }],
  ])('with %s, as from an untyped caller, is refused and writes nothing', async (_, request) => {
    const ops = await openStore()
    const before = await filesBelow(ops.root)
    for (const call of [ops.plan, ops.start, ops.run]) {
      expect(await codeOf(Reflect.apply(call, ops, [request, () => 'done']))).toBe(
        'REQUEST_INVALID',
      )
    }
    expect(await filesBelow(ops.root)).toEqual(before)
  })

  it('around something that is not a function is refused and writes nothing', async () => {
    const ops = await openStore()
    const before = await filesBelow(ops.root)
    expect(await codeOf(Reflect.apply(ops.run, ops, [REQUEST]))).toBe('REQUEST_INVALID')
    expect(await filesBelow(ops.root)).toEqual(before)
  })

  it('accepts a request of exactly one mebibyte, and an empty one for a query', async () => {
    const ops = await openStore({ redact: false })
    await ops.start({ ...REQUEST, request_text: 'x'.repeat(1024 * 1024) })
    await ops.start({ ...REQUEST, request_text: '', mode_of_work: 'query' })
    expect(await ops.list({ status: 'open' })).toHaveLength(2)
  })

  it('never uses an id twice', async () => {
    const ops = await openStore({ clock: () => new Date(1_700_000_000_000) })
    const started = await Promise.all(Array.from({ length: 50 }, () => ops.start(REQUEST)))
    expect(new Set(started.map(({ path }) => path)).size).toBe(50)
  })

  it('leaves nothing that could be closed if the record cannot be written', async () => {
    const ops = await openStore()
    await writeFile(join(ops.root, 'kitty-ops'), 'in the way')
    expect(await codeOf(ops.start(REQUEST))).toBe('NOT_A_FOLDER')
    expect(await readdir(join(await stateOf(ops), 'started'))).toEqual([])
    await rm(join(ops.root, 'kitty-ops'))
    await ops.start(REQUEST)
  })
})
