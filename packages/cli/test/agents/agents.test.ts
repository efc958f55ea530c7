import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { newRepository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import type { HookEvent } from '../../src/agents/agent.js'
import { AGENTS, agentNamed } from '../../src/agents/registry.js'
import { jsonIn, openIn, plainVariables, runIn } from '../support/in-process.js'
import { pathWithBuiltProgram } from '../support/on-path.js'
import { FIXTURES } from './fixtures.js'

describe.each(Object.entries(FIXTURES))('the documented input of %s', (name, { inputs }) => {
  const agent = agentNamed(name)

  it('is there for each event that is installed', () => {
    expect(Object.keys(inputs)).toEqual(Object.keys(agent.events))
  })

  it.each(Object.keys(inputs) as HookEvent[])('is understood: %s', async (event) => {
    const { path } = await newRepository()
    const input = { ...inputs[event]?.(path) }
    const stdin = JSON.stringify(input)
    const session = JSON.stringify(input[agent.fields.session as keyof typeof input]).slice(1, -1)
    const subagent = event.startsWith('subagent')
      ? `.agent.${agent.fields.subagent && input[agent.fields.subagent as keyof typeof input]}`
      : ''
    const own = event === 'prompt' || event === 'subagent-start'
    if (!own) await openIn(path, ['do', 'Fix it', '--session', `${session}${subagent}`])
    const flags = ['--agent', name, ...(own ? ['--capture'] : [])]
    const { json } = await jsonIn(path, ['hooks', event, ...flags], { stdin })
    const expected = {
      'session-start': { open_ops: [{ own: true }] },
      prompt: { opened: expect.any(String) },
      'subagent-start': { opened: expect.any(String) },
      'subagent-stop': { held: [expect.any(String)] },
      stop: { held: [expect.any(String)] },
      'session-end': { left: [expect.any(String)] },
    }
    expect(json).toMatchObject(expected[event])
  })

  it('is answered in its form at the start of a session', async () => {
    const { path } = await newRepository()
    const stdin = JSON.stringify(inputs['session-start']?.(path))
    const { stdout } = await runIn(path, ['hooks', 'session-start', '--agent', name], { stdin })
    const text = expect.stringContaining('open an Op')
    const answers: Readonly<Record<string, object>> = {
      copilot: { additionalContext: text },
      cursor: { additional_context: text },
    }
    if (name === 'opencode') return expect(stdout).toBe('')
    const standard = {
      hookSpecificOutput: { hookEventName: 'SessionStart', additionalContext: text },
    }
    expect(JSON.parse(stdout)).toEqual(answers[name] ?? standard)
  })
})

describe('the agents', () => {
  it('all have a fixture', () => {
    expect(Object.keys(FIXTURES)).toEqual(AGENTS.map(({ name }) => name))
  })

  it('with a plugin run it without an error, also without the program', async () => {
    const { path } = await newRepository()
    await runIn(path, ['hooks', 'install', 'opencode'])
    const id = await openIn(path, ['do', 'x', '--session', 'ses_1'])
    const plugin = pathToFileURL(join(path, '.opencode', 'plugins', 'spec-kitty.js')).href
    const program = `
      const { SpecKitty } = await import(${JSON.stringify(plugin)})
      const { event } = await SpecKitty({ directory: process.cwd() })
      await event({ event: { type: 'file.edited', properties: {} } })
      for (const parentID of ['ses_0', undefined])
        await event({ event: { type: 'session.deleted', properties: { info: { id: 'ses_1', parentID } } } })`
    const left = async (PATH: string | undefined) => {
      const argv = ['--input-type=module', '-e', program]
      const env = { ...plainVariables(), ...(PATH && { PATH }) }
      const child = spawn(process.execPath, argv, { cwd: path, env, stdio: 'inherit' })
      expect(await once(child, 'close')).toEqual([0, null])
      return JSON.stringify((await jsonIn(path, ['ops', 'list'])).json).includes('"left":true')
    }
    expect(await left(path)).toBe(false)
    expect(await left(await pathWithBuiltProgram())).toBe(true)
    expect(id).toMatch(/^\w{26}$/)
  })
})
