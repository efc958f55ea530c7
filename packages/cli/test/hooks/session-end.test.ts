import { join } from 'node:path'
import { newRepository, type Repository } from '@kitty/test-kit'
import { beforeEach, describe, expect, it } from 'vitest'
import { jsonIn, openIn, runIn } from '../support/in-process.js'

let repository: Repository
let path: string

beforeEach(async () => {
  repository = await newRepository()
  path = repository.path
})

const opened = (session: string, folder = path) =>
  openIn(folder, ['do', session], { variables: { CLAUDE_CODE_SESSION_ID: session } })

const told = (input: object) => ({ stdin: JSON.stringify(input) })
const hook = (name: string, input: object) => jsonIn(path, ['hooks', name], told(input))
const end = (session_id: string, more: object = {}) => hook('session-end', { session_id, ...more })
const start = (session_id: string, more: object = {}) =>
  hook('session-start', { session_id, ...more })

const listed = async (...filters: string[]) => {
  const { json } = await jsonIn(path, ['ops', 'list', ...filters])
  return json
}

describe('the end of a session', () => {
  it.each(['clear', 'resume', 'logout', 'other', undefined])(
    'is not an outcome (reason %s): its Ops stay open, and are marked as left',
    async (reason) => {
      const [own, other] = [await opened('a'), await opened('b')]
      const before = await repository.read(`kitty-ops/${own}.jsonl`)
      const event = { hook_event_name: 'SessionEnd', ...(reason && { reason }) }
      expect(await end('a', event)).toMatchObject({ status: 0, json: { left: [own] } })
      expect(await end('a', event)).toEqual({ status: 0, json: {}, stderr: '' })
      expect(await repository.read(`kitty-ops/${own}.jsonl`)).toBe(before)
      expect(await listed('--status', 'open')).toMatchObject({
        ops: [
          { invocation_id: other, status: 'open' },
          { invocation_id: own, status: 'open', left: true },
        ],
      })
    },
  )

  it.each(['Stop', 'SubagentStop', 'PreToolUse', 'SessionStart', 'Notification'])(
    'is not what %s tells of',
    async (hook_event_name) => {
      await opened('a')
      expect(await end('a', { hook_event_name })).toEqual({ status: 0, json: {}, stderr: '' })
      expect(JSON.stringify(await listed())).not.toContain('left')
    },
  )

  it.each<[string, object]>([
    ['an event that is a list', { session_id: 'a', hook_event_name: ['Stop'] }],
    ['an event without a name', { session_id: 'a', hook_event_name: '' }],
    ['a session that no agent has', { session_id: '../x y', hook_event_name: 'SessionEnd' }],
    ['a session that is a number', { session_id: 7 }],
  ])('is not learned from %s, and the environment does not replace it', async (_, input) => {
    await opened('a')
    const variables = { SPEC_KITTY_SESSION: 'a' }
    const run = await runIn(path, ['hooks', 'session-end'], { ...told(input), variables })
    expect(run).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(JSON.stringify(await listed())).not.toContain('left')
    const debug = await runIn(path, ['hooks', 'session-end', '--debug'], {
      ...told(input),
      variables,
    })
    expect(debug.stderr).toContain('on standard input is invalid')
  })

  it('marks Ops in other work trees too', async () => {
    await repository.git('worktree', 'add', '--quiet', '-b', 'side', join(path, 'side'))
    const own = await opened('a', join(path, 'side'))
    expect(await end('a')).toMatchObject({ json: { left: [own] } })
  })

  it('finds an Op whose record is gone from disk', async () => {
    const own = await opened('a')
    await repository.git('clean', '-fdxq', 'kitty-ops')
    expect(await end('a')).toMatchObject({ json: { left: [own] } })
    expect(await start('b')).toMatchObject({
      json: { open_ops: [{ invocation_id: own, left: true }] },
    })
  })

  it('is shown by list, show and doctor', async () => {
    const own = await opened('a')
    await end('a', { reason: 'logout' })
    expect((await runIn(path, ['ops', 'list'])).stdout).toMatch(new RegExp(`${own} +left`))
    expect((await runIn(path, ['ops', 'show', own])).stdout).toContain(`Op ${own}  left`)
    const { stdout } = await runIn(path, ['doctor', 'ops'])
    expect(stdout).toContain('session that opened it ended (logout) without closing it.')
  })

  it('prints no control characters', async () => {
    await opened('a')
    await end('a', { reason: '\u001b[2J; rm -rf ~' })
    const { stdout } = await runIn(path, ['doctor', 'ops'])
    expect(stdout).toContain('session that opened it ended without closing it.')
  })
})

describe('what a session has left', () => {
  it('is closed later by the doctor, as abandoned', async () => {
    const own = await opened('a')
    await end('a')
    const sweep = ['doctor', 'ops', '--close-stale', '--threshold']
    expect(await jsonIn(path, [...sweep, '1'])).toMatchObject({ json: { swept: 0 } })
    expect(await jsonIn(path, [...sweep, '0'])).toMatchObject({ json: { swept: 1 } })
    expect(await repository.read(`kitty-ops/${own}.jsonl`)).toContain(
      '"outcome":"abandoned","closed_by":"doctor_sweep"',
    )
  })

  it('is listed as its own when the session resumes, and is then no longer left', async () => {
    const [own, other] = [await opened('a'), await opened('b')]
    await end('a')
    const input = { session_id: 'a', hook_event_name: 'SessionStart', source: 'resume' }
    const { stdout } = await runIn(path, ['hooks', 'session-start'], told(input))
    expect(stdout).toMatch(new RegExp(`${own} .*yours, left by its session`))
    expect(stdout).toMatch(new RegExp(`${other} (?!.*yours)`))
    expect(await start('a')).toMatchObject({
      json: { open_ops: [{ invocation_id: other }, { invocation_id: own, own: true }] },
    })
    expect(JSON.stringify(await listed())).not.toContain('"left"')
    expect(await end('a')).toMatchObject({ json: { left: [own] } })
  })

  it('is listed for the next session, whichever it is', async () => {
    const own = await opened('a')
    await end('a', { reason: 'clear' })
    const next = await start('b', { hook_event_name: 'SessionStart', source: 'clear' })
    expect(next).toMatchObject({
      json: { open_ops: [{ invocation_id: own, left: true }], source: 'clear' },
    })
    expect(JSON.stringify(next.json)).not.toContain('"own"')
  })

  it('is not listed on an event other than the start of a session', async () => {
    await opened('a')
    const answer = await start('a', { hook_event_name: 'UserPromptSubmit' })
    expect(answer).toEqual({ status: 0, json: {}, stderr: '' })
  })
})
