import { readdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type LifecycleEvent, parseLifecycleLog } from '@kitty/record'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import type { Durability } from '../../src/fs/durability.js'
import { appendLifecycle } from '../../src/ops/lifecycle.js'
import { LIFECYCLE_PATH, toAbsolute } from '../../src/project/paths.js'
import { put } from '../support/records.js'

const EVENT: LifecycleEvent = {
  wp_id: 'WP01',
  agent: 'claude',
  phase: 'started',
  mission_id: '01KEXAMPKEM0000000000000AA',
  canonical_action_id: 'implement::run',
  reason: null,
  at: '2026-01-05T10:00:00.000Z',
}

const LINE =
  '{"agent":"claude","at":"2026-01-05T10:00:00.000Z","canonical_action_id":"implement::run",' +
  '"mission_id":"01KEXAMPKEM0000000000000AA","phase":"started","reason":null,"wp_id":"WP01"}\n'

const logOf = (root: string): Promise<string> => readFile(toAbsolute(root, LIFECYCLE_PATH), 'utf8')

const append = (root: string, event: LifecycleEvent, durability: Durability): Promise<void> =>
  appendLifecycle({ root, redact: true, redactPatterns: [/TICKET-\d+/g], durability }, event)

describe('the lifecycle log', () => {
  it('has one line for each event, with sorted keys', async () => {
    const root = await tempFolder()
    await append(root, EVENT, 'power')
    await append(root, { ...EVENT, phase: 'completed' }, 'process')
    expect(await logOf(root)).toBe(LINE + LINE.replace('"started"', '"completed"'))
  })

  it('has the reason without its secrets, unless they are to be kept', async () => {
    const root = await tempFolder()
    const reason = `${`gh${'p'}_${'a1B2'.repeat(9)}`} of TICKET-7 expired`
    await append(root, { ...EVENT, reason }, 'process')
    const redacted = '[REDACTED:github-token] of [REDACTED:custom] expired'
    expect(await logOf(root)).toBe(LINE.replace('null', JSON.stringify(redacted)))
    const unchanged = { root, redact: false, redactPatterns: [], durability: 'process' } as const
    await appendLifecycle(unchanged, { ...EVENT, reason })
    expect(await logOf(root)).toContain(reason)
  })

  it('leaves no other file that could block a checkout', async () => {
    const root = await tempFolder()
    await append(root, EVENT, 'power')
    expect(await readdir(join(root, 'kitty-ops'))).toEqual(['lifecycle.jsonl'])
  })

  it('has a torn tail terminated first, and an empty file has none', async () => {
    const root = await tempFolder()
    await put(root, LIFECYCLE_PATH, '{"agent":"cla')
    await append(root, EVENT, 'power')
    expect(await logOf(root)).toBe(`{"agent":"cla\n${LINE}`)
    await put(root, LIFECYCLE_PATH, '')
    await append(root, EVENT, 'power')
    expect(await logOf(root)).toBe(LINE)
  })

  it('loses nothing if many create it at once', async () => {
    const root = await tempFolder()
    const agents = Array.from({ length: 20 }, (_, at) => `agent-${at}`)
    await Promise.all(agents.map((agent) => append(root, { ...EVENT, agent }, 'process')))
    const { events, skipped } = parseLifecycleLog(await logOf(root))
    expect(events.map(({ agent }) => agent).sort()).toEqual(agents.sort())
    expect(skipped).toBe(0)
  })

  it('accepts only lifecycle events', async () => {
    const root = await tempFolder()
    const appended = append(root, { ...EVENT, at: 'yesterday' }, 'power')
    await expect(appended).rejects.toMatchObject({
      code: 'LIFECYCLE_INVALID',
      message: expect.stringContaining('at:'),
    })
    await expect(logOf(root)).rejects.toThrow('ENOENT')
  })

  it.skipIf(process.platform === 'win32')('is refused if it is a symbolic link', async () => {
    const root = await tempFolder()
    await put(root, 'mine', 'mine')
    await put(root, 'kitty-ops/notes', '')
    await symlink(join(root, 'mine'), toAbsolute(root, LIFECYCLE_PATH))
    const appended = append(root, EVENT, 'power')
    await expect(appended).rejects.toMatchObject({ code: 'SYMLINK_REFUSED' })
    expect(await readFile(join(root, 'mine'), 'utf8')).toBe('mine')
  })
})
