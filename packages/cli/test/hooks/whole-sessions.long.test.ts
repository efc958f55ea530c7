import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { asOrdinaryUser, newRepository, type Repository, whileReadOnly } from '@kitty/test-kit'
import { beforeEach, describe, expect, it } from 'vitest'
import type { HookEvent } from '../../src/agents/agent.js'
import { agentNamed } from '../../src/agents/registry.js'
import { runBuilt } from '../support/built.js'
import { jsonIn, runIn } from '../support/in-process.js'
import { playAgent } from '../support/played-agent.js'

let repository: Repository
let path: string

beforeEach(async () => {
  repository = await newRepository()
  path = repository.path
})

type Listed = {
  readonly invocation_id: string
  readonly status: string
  readonly outcome?: string
  readonly left?: boolean
  readonly request_excerpt?: string
  readonly actor?: string
  readonly profile_id: string
}

/** The Ops of a project, oldest first. */
const ops = async (root = path): Promise<readonly Listed[]> => {
  const { stdout } = await runIn(root, ['ops', 'list', '--json'])
  return JSON.parse(stdout).ops.toReversed()
}

const left = async (root = path) => (await ops(root)).map((op) => op.left ?? false)

const context = (text: unknown, hookEventName: string) => ({
  hookSpecificOutput: { hookEventName, additionalContext: text },
})

const containing = (text: string) => expect.stringContaining(text)
const HELD = { decision: 'block', reason: containing('still open') }
const FIRST = { stop_hook_active: false }
const SECOND = { stop_hook_active: true }
const SECRET = `ghp_${'a1B2'.repeat(9)}`

describe.each(['claude-code', 'codex'])('a session of %s', (name) => {
  const hasEnd = name === 'claude-code'

  it('that is normal: instructions, an Op, a turn that is held once, a close', async () => {
    const agent = await playAgent(path, name, 's1')
    const started = await agent.fire('session-start', { source: 'startup' })
    expect(started).toEqual(context(containing('open an Op'), 'SessionStart'))
    const id = await agent.open('Fix it')
    expect(await agent.fire('stop', FIRST)).toEqual(HELD)
    expect(await agent.fire('stop', SECOND)).toBe(undefined)
    expect(await left()).toEqual([false])
    await agent.run(['ops', 'complete', id, '--outcome', 'failed', '--reason', 'No luck'])
    expect(await agent.fire('stop', FIRST)).toBe(undefined)
    if (hasEnd) expect(await agent.fire('session-end', { reason: 'other' })).toBe(undefined)
    expect(await ops()).toMatchObject([{ invocation_id: id, outcome: 'failed' }])
    expect(await agent.fire('session-start', { source: 'startup' })).toBe(undefined)
  })

  it('that never calls us is recorded completely, without an outcome', async () => {
    const agent = await playAgent(path, name, 's1', ['--capture'])
    await agent.fire('session-start', { source: 'startup' })
    for (const prompt of ['First', `Use ${SECRET}`]) {
      expect(await agent.fire('prompt', { prompt })).toEqual(
        context(containing('is recorded as spec-kitty Op'), 'UserPromptSubmit'),
      )
      const subagent = { agent_id: `a-${prompt.length}`, agent_type: 'Explore' }
      await agent.fire('subagent-start', subagent)
      expect(await agent.fire('subagent-stop', { ...subagent, ...FIRST })).toEqual(HELD)
      expect(await agent.fire('subagent-stop', { ...subagent, ...SECOND })).toBe(undefined)
      expect(await agent.fire('stop', FIRST)).toEqual(HELD)
      expect(await agent.fire('stop', SECOND)).toBe(undefined)
    }
    if (hasEnd) await agent.fire('session-end', { reason: 'other' })
    const recorded = await ops()
    expect(recorded).toMatchObject([
      { request_excerpt: 'First', profile_id: 'generic' },
      { request_excerpt: containing('Sub-agent a-5'), profile_id: 'Explore' },
      { request_excerpt: containing('[REDACTED:') },
      { request_excerpt: containing('Sub-agent') },
    ])
    expect(JSON.stringify(recorded)).not.toContain(SECRET)
    expect(recorded.map(({ actor }) => actor)).toEqual(
      Array(4).fill(name === 'codex' ? 'codex' : 'claude'),
    )
    expect(recorded.every((op) => op.status === 'open' && op.left)).toBe(true)
    const next = await playAgent(path, name, 's2', ['--capture'])
    expect(await next.fire('session-start', { source: 'startup' })).toEqual(
      context(containing('left by its session'), 'SessionStart'),
    )
  })

  it('that closes its captured Op is not asked', async () => {
    const agent = await playAgent(path, name, 's1', ['--capture'])
    await agent.fire('prompt', { prompt: 'Fix it' })
    const [{ invocation_id: id } = { invocation_id: '' }] = await ops()
    const reason = ['--reason', 'It works']
    await agent.run(['ops', 'complete', id, '--outcome', 'done', ...reason])
    expect(await agent.fire('stop', FIRST)).toBe(undefined)
    expect(await ops()).toMatchObject([{ outcome: 'done' }])
  })

  it('whose turn was interrupted leaves its captured Op at the next prompt', async () => {
    const agent = await playAgent(path, name, 's1', ['--capture'])
    await agent.fire('prompt', { prompt: 'First' })
    await agent.fire('prompt', { prompt: 'Second' })
    expect(await left()).toEqual([true, false])
    const held = await agent.fire('stop', FIRST)
    expect(held).toEqual({ decision: 'block', reason: expect.not.stringContaining('First') })
  })

  it('that was resumed has its Ops back', async () => {
    const agent = await playAgent(path, name, 's1', ['--capture'])
    await agent.fire('prompt', { prompt: 'First' })
    await agent.fire('stop', SECOND)
    expect(await left()).toEqual([true])
    const start = await agent.fire('session-start', { source: 'resume' })
    expect(start).toEqual(context(containing('yours, left by its session'), 'SessionStart'))
    expect(await left()).toEqual([false])
    expect(await agent.fire('stop', FIRST)).toEqual(HELD)
  })

  it('that was compacted keeps what it was asked about in vain', async () => {
    const agent = await playAgent(path, name, 's1', ['--capture'])
    await agent.fire('prompt', { prompt: 'First' })
    await agent.fire('stop', SECOND)
    const own = await agent.open('Mine')
    const start = await agent.fire('session-start', { source: 'compact' })
    expect(start).toEqual(context(containing(own), 'SessionStart'))
    expect(await left()).toEqual([true, false])
  })

  it('that was killed is named at the next start, and nothing of it is closed', async () => {
    const agent = await playAgent(path, name, 's1', ['--capture'])
    await agent.fire('prompt', { prompt: 'First' })
    const next = await playAgent(path, name, 's2', ['--capture'])
    const start = await next.fire('session-start', { source: 'startup' })
    expect(start).toEqual(context(expect.stringMatching(/First(?!.*yours)/), 'SessionStart'))
    expect(await next.fire('stop', FIRST)).toBe(undefined)
    expect(await ops()).toMatchObject([{ status: 'open' }])
  })

  it('beside another in one repository is asked about its own Ops only', async () => {
    const [one, two] = [await playAgent(path, name, 's1'), await playAgent(path, name, 's2')]
    const [first, second] = await Promise.all([one.open('One'), two.open('Two')])
    const [stopOne, stopTwo] = await Promise.all([one.fire('stop', FIRST), two.fire('stop', FIRST)])
    expect(stopOne).toEqual({ decision: 'block', reason: containing(first) })
    expect(JSON.stringify(stopOne)).not.toContain(second)
    expect(stopTwo).toEqual({ decision: 'block', reason: containing(second) })
    if (!hasEnd) return
    await one.fire('session-end', { reason: 'other' })
    expect(await left()).toEqual([first < second, first > second])
  })

  it('in linked work trees knows its Ops in all of them', async () => {
    const linked = `${path}-linked`
    await repository.git('worktree', 'add', '--quiet', '-b', 'side', linked)
    const agent = await playAgent(path, name, 's1')
    const id = await agent.open('There', linked)
    expect(await agent.fire('stop', FIRST)).toEqual({ decision: 'block', reason: containing(id) })
    if (hasEnd) {
      await agent.fire('session-end', { reason: 'other' })
      expect(await left(linked)).toEqual([true])
    }
    await repository.git('worktree', 'remove', '--force', linked)
    expect(await agent.fire('stop', FIRST)).toBe(undefined)
  })

  it('keeps sub-agents apart from each other and from itself', async () => {
    const agent = await playAgent(path, name, 's1')
    const own = await agent.open('Mine')
    const key = async (agent_id: string) => {
      const start = await agent.fire('subagent-start', { agent_id, agent_type: 'Explore' })
      return / --session ([\w.:-]+)/.exec(JSON.stringify(start))?.[1] ?? ''
    }
    const [a, b] = [await key('a1'), await key('b2')]
    expect(new Set([a, b, '']).size).toBe(3)
    const opened = async (session: string) =>
      JSON.parse((await agent.run(['do', session, '--session', session, '--json'])).stdout)
        .invocation_id
    const [ofA, ofB] = [await opened(a), await opened(b)]
    const stopped = JSON.stringify(
      await agent.fire('subagent-stop', { agent_id: 'a1', agent_type: 'Explore', ...FIRST }),
    )
    expect(stopped).toContain(ofA)
    expect(stopped).not.toContain(ofB)
    expect(stopped).not.toContain(own)
    const stop = JSON.stringify(await agent.fire('stop', FIRST))
    expect(stop).toContain(own)
    expect(stop).not.toContain(ofA)
    await agent.fire('subagent-stop', { agent_id: 'a1', agent_type: 'Explore', ...SECOND })
    expect(await left()).toEqual([false, true, false])
  })

  it.skipIf(process.platform === 'win32')(
    'in a sandbox where .git is read-only is recorded all the same',
    async () => {
      const fire = async (event: HookEvent, input: object, ...flags: readonly string[]) => {
        const hook_event_name = agentNamed(name).events[event]
        const stdin = JSON.stringify({ session_id: 's1', cwd: path, hook_event_name, ...input })
        const { stdout } = await runIn(path, ['hooks', event, '--agent', name, ...flags], { stdin })
        return stdout === '' ? undefined : JSON.parse(stdout)
      }
      await asOrdinaryUser(path, () =>
        whileReadOnly(join(path, '.git'), async () => {
          await fire('prompt', { prompt: 'First' }, '--capture')
          expect(await fire('stop', FIRST)).toEqual(HELD)
          expect(await fire('stop', SECOND)).toBe(undefined)
          expect(await fire('session-start', { source: 'startup' })).toEqual(
            context(containing('yours, left by its session'), 'SessionStart'),
          )
        }),
      )
      const listed = await jsonIn(path, ['ops', 'list'])
      expect(listed).toMatchObject({
        json: { ops: [{ status: 'open', request_excerpt: 'First' }] },
      })
    },
  )
})

describe('a session of claude-code', () => {
  it('that was cleared leaves its Ops to the session that follows', async () => {
    const agent = await playAgent(path, 'claude-code', 's1')
    const id = await agent.open('Fix it')
    await agent.fire('session-end', { reason: 'clear' })
    const next = await playAgent(path, 'claude-code', 's2')
    const start = JSON.stringify(await next.fire('session-start', { source: 'clear' }))
    expect(start).toContain(id)
    expect(start).toContain('left by its session')
    expect(start).not.toContain('yours')
  })

  it('outside a project prints and writes nothing', async () => {
    const agent = await playAgent(path, 'claude-code', 's1', ['--capture'])
    const outside = `${path}-outside`
    await mkdir(outside)
    const input = JSON.stringify({ session_id: 's1', cwd: outside, prompt: 'Fix it' })
    for (const argv of [['session-start'], ['prompt', '--capture']]) {
      const run = await runBuilt(outside, ['hooks', ...argv], { input })
      expect(run).toEqual({ status: 0, stdout: '', stderr: '' })
    }
    expect(await readdir(outside)).toEqual([])
    expect(agent.variables.CLAUDE_PROJECT_DIR).toBe(path)
  })
})
