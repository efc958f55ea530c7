import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { runInstalledHook } from '../../src/app/hook.js'
import type { Variables } from '../../src/command/io.js'
import { jsonIn, openIn, plainVariables } from '../support/in-process.js'

const SESSION = 'session-1'

/** Runs an installed hook in this process. Returns what it printed, and whether it knew the arguments. */
const hook = async (
  cwd: string,
  argv: readonly string[],
  input: object | string = {},
  variables: Variables = {},
) => {
  let stdout = ''
  const sink = {
    isTTY: false,
    columns: undefined,
    write: (text: string) => {
      stdout += text
    },
  }
  const text =
    typeof input === 'string' ? input : JSON.stringify({ session_id: SESSION, cwd, ...input })
  const isHook = await runInstalledHook(argv, {
    cwd,
    variables: { ...plainVariables(), ...variables },
    stdin: { isTTY: false, read: async () => Buffer.from(text) },
    stdout: sink,
    stderr: sink,
  })
  return { isHook, stdout }
}

const call = (event: string, ...more: readonly string[]) => [
  'hooks',
  event,
  '--agent',
  'claude-code',
  ...more,
]

const opsOf = async (path: string) => (await jsonIn(path, ['ops', 'list'])).json

describe('the arguments of an installed hook', () => {
  it.each([
    [[]],
    [['ops', 'list']],
    [['hooks', 'install', '--agent', 'claude-code']],
    [['hooks', 'stop']],
    [['hooks', 'stop', '--root', 'claude-code']],
    [['hooks', 'stop', '--agent', 'unknown']],
    [call('stop', '--json')],
    [call('prompt', '--capture', '--json')],
  ])('are not %j: the command line takes these', async (argv) => {
    expect(await hook(await tempFolder(), argv)).toEqual({ isHook: false, stdout: '' })
  })
})

describe('an installed hook', () => {
  it('answers in the form of the agent', async () => {
    const { path } = await newRepository()
    const { isHook, stdout } = await hook(path, call('session-start'))
    expect(isHook).toBe(true)
    expect(JSON.parse(stdout)).toMatchObject({
      hookSpecificOutput: {
        hookEventName: 'SessionStart',
        additionalContext: expect.stringContaining('spec-kitty do "REQUEST"'),
      },
    })
  })

  it('works in the root that is set, and prints nothing if there is no such folder', async () => {
    const { path } = await newRepository()
    const id = await openIn(path)
    const away = await tempFolder()
    const inRoot = await hook(away, call('session-start'), {}, { SPEC_KITTY_ROOT: path })
    expect(inRoot.stdout).toContain(id)
    const nowhere = { SPEC_KITTY_ROOT: join(path, 'none') }
    expect(await hook(away, call('session-start'), {}, nowhere)).toEqual({
      isHook: true,
      stdout: '',
    })
    expect(
      (await hook(path, call('session-start'), {}, { SPEC_KITTY_ROOT: ' ' })).stdout,
    ).toContain(id)
  })

  it('prints nothing for invalid input, and for an event that it is not installed for', async () => {
    const { path } = await newRepository()
    for (const input of [
      '',
      'no json',
      '[]',
      { session_id: 5 },
      { hook_event_name: 'PreToolUse' },
    ]) {
      const { stdout } = await hook(path, call('stop'), input)
      expect(stdout).toBe('')
    }
  })

  it('opens no Op without a request, without a session, and outside a project', async () => {
    const { path } = await newRepository()
    const outside = await tempFolder()
    const prompt = (cwd: string, input: object) => hook(cwd, call('prompt', '--capture'), input)
    for (const input of [{}, { prompt: ' \n' }, { prompt: 'x', session_id: null }]) {
      expect((await prompt(path, input)).stdout).toBe('')
    }
    expect((await prompt(outside, { prompt: 'x' })).stdout).toBe('')
    expect((await hook(path, call('prompt'), { prompt: 'x' })).stdout).toBe('')
    expect(await opsOf(path)).toMatchObject({ ops: [] })
  })

  it('gives a sub-agent its key only in a project, and needs the id of the sub-agent', async () => {
    const { path } = await newRepository()
    const outside = await tempFolder()
    const start = (cwd: string, input: object) => hook(cwd, call('subagent-start'), input)
    expect((await start(path, { agent_id: 'a1' })).stdout).toContain(`${SESSION}.agent.a1`)
    expect((await start(path, {})).stdout).toBe('')
    expect((await start(outside, { agent_id: 'a1' })).stdout).toBe('')
    expect((await hook(path, call('subagent-stop'), {})).stdout).toBe('')
    expect((await hook(path, call('subagent-stop'), { agent_id: 'a1' })).stdout).toBe('')
  })

  it('takes up the Op of a sub-agent that is resumed', async () => {
    const { path } = await newRepository()
    const argv = call('subagent-start', '--capture')
    const input = { agent_id: 'a1', agent_type: 'explorer' }
    const first = await hook(path, argv, input)
    const again = await hook(path, argv, input)
    expect(again.stdout).toBe(first.stdout)
    expect(await opsOf(path)).toMatchObject({ ops: [{ profile_id: 'explorer', status: 'open' }] })
  })

  it('never holds the stop of an agent that does not say whether it was held', async () => {
    const { path } = await newRepository()
    await openIn(path, ['do', 'x'], { variables: { CLAUDE_CODE_SESSION_ID: SESSION } })
    expect((await hook(path, call('stop'), {})).stdout).toBe('')
    expect((await hook(path, call('stop'), { stop_hook_active: true })).stdout).toBe('')
    const { stdout } = await hook(path, call('stop'), { stop_hook_active: false })
    expect(JSON.parse(stdout)).toMatchObject({ decision: 'block' })
  })

  it('finds the project in a folder without git', async () => {
    const path = await tempFolder()
    await mkdir(join(path, 'kitty-ops'))
    expect((await hook(path, call('session-start'))).stdout).toContain('SessionStart')
  })
})
