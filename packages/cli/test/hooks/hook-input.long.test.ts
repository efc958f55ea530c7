import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { beforeEach, describe, expect, it } from 'vitest'
import { builtProgram, runBuilt } from '../support/built.js'
import { jsonIn, openIn, plainVariables, runIn } from '../support/in-process.js'

let repository: Repository
let path: string

beforeEach(async () => {
  repository = await newRepository()
  path = repository.path
})

const opened = (session: string) =>
  openIn(path, ['do', session], { variables: { CLAUDE_CODE_SESSION_ID: session } })

const listed = async () => JSON.stringify((await jsonIn(path, ['ops', 'list'])).json)

/** Runs a hook and keeps its standard input open. */
const withOpenInput = async (argv: readonly string[], parts: readonly string[]) => {
  const [file, bin] = builtProgram()
  const child = spawn(file, [bin, 'hooks', ...argv], { cwd: path, env: plainVariables() })
  const output = Promise.all([text(child.stdout), text(child.stderr)])
  for (const part of parts) child.stdin.write(part)
  const [status] = await once(child, 'close')
  const [stdout, stderr] = await output
  return { status, stdout, stderr }
}

const AGENT = ['--agent', 'claude-code']

describe('standard input that stays open', () => {
  it.each<readonly [string, readonly string[]]>([
    ['one document', ['{"session_id":"a"}\n']],
    ['a document in parts', ['{"session_', 'id":"a", "x": {"y": "}"}', '}']],
    ['a document and the beginning of another', ['{"session_id":"a"}{"ses']],
  ])('does not keep a hook waiting after %s', async (_, parts) => {
    for (const flags of [AGENT, []]) {
      await opened('a')
      expect(await withOpenInput(['session-end', ...flags], parts)).toMatchObject({ status: 0 })
      expect(await listed()).not.toMatch(/"open"(?!.*"left")/)
    }
  })

  it.each<readonly [string, readonly string[]]>([
    ['nothing', []],
    ['half a document', ['{"session_id":"a"']],
    ['something else', ['hello']],
  ])('ends a hook after a short silence with %s', async (_, parts) => {
    await opened('a')
    const run = await withOpenInput(['session-end', ...AGENT], parts)
    expect(run).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(await listed()).not.toContain('left')
  })
})

describe('invalid input', () => {
  const events = [
    'session-start',
    'prompt',
    'subagent-start',
    'subagent-stop',
    'stop',
    'session-end',
  ]
  it.each(events)('prints nothing and exits with 0: %s', async (event) => {
    await opened('a')
    const silent = { status: 0, stdout: '', stderr: '' }
    for (const input of [
      'no json',
      '[]',
      '"a"',
      '{"session_id": 7}',
      '{"session_id": "../x"}',
      '\0',
      '{',
    ])
      expect(await runBuilt(path, ['hooks', event, ...AGENT], { input })).toEqual(silent)
    const odd = [['--none'], ['--agent', 'other'], ['x']]
    for (const argv of odd) {
      expect(await runBuilt(path, ['hooks', event, ...argv], { input: '{}' })).toEqual(silent)
    }
    const other = JSON.stringify({ session_id: 'a', hook_event_name: 'PreToolUse' })
    expect(await runBuilt(path, ['hooks', event, ...AGENT], { input: other })).toEqual(silent)
    expect(await listed()).not.toContain('left')
  })
})

describe('the folder of a session', () => {
  it.each(['claude-code', 'gemini'])('is found by the variable of the agent (%s)', async (name) => {
    const id = await opened('s')
    const outside = await tempFolder()
    const variables = { CLAUDE_PROJECT_DIR: path }
    const stdin = JSON.stringify({ session_id: 's', cwd: outside })
    const run = await jsonIn(outside, ['hooks', 'session-end', '--agent', name], {
      stdin,
      variables,
    })
    expect(run.json).toEqual({ left: [id] })
  })

  it('can be deleted, also before the hook starts', async () => {
    const id = await opened('s')
    const folder = join(await tempFolder(), 'gone')
    await mkdir(folder)
    const [file, bin] = builtProgram()
    const script = `rmdir "$0" && exec "$@"`
    const run = async (argv: readonly string[], input = '') => {
      await mkdir(folder, { recursive: true })
      const child = spawn('sh', ['-c', script, folder, file, bin, ...argv], {
        cwd: folder,
        env: { ...plainVariables(), CLAUDE_PROJECT_DIR: path },
      })
      child.stdin.end(input)
      const output = Promise.all([text(child.stdout), text(child.stderr)])
      const [status] = await once(child, 'close')
      const [stdout, stderr] = await output
      return { status, stdout, stderr }
    }
    if (process.platform === 'win32') return
    expect(await run(['--version'])).toMatchObject({ status: 0, stderr: '' })
    expect(await run(['ops', 'list', '--root', path])).toMatchObject({ status: 0, stderr: '' })
    expect(await run(['ops', 'list'])).toEqual({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^spec-kitty: The current folder was deleted\.\n {2}.+\n$/),
    })
    const input = JSON.stringify({ session_id: 's', cwd: folder })
    expect(await run(['hooks', 'session-end', ...AGENT], input)).toMatchObject({ status: 0 })
    expect(await listed()).toContain('"left":true')
    expect(id).toMatch(/^\w{26}$/)
    await rmdir(folder).catch(() => undefined)
  })
})

describe('the session', () => {
  const input = (session_id: string) => ({ stdin: JSON.stringify({ session_id }) })

  it('is what the agent says now, not what a hook once exported', async () => {
    const script = join(await tempFolder(), 'env.sh')
    const start = (session: string) =>
      runIn(path, ['hooks', 'session-start'], {
        ...input(session),
        variables: { CLAUDE_ENV_FILE: script },
      })
    for (const session of ['old', 'old', 'new', 'new']) await start(session)
    const exported = await readFile(script, 'utf8')
    expect(exported).toBe(
      "export SPEC_KITTY_HOOK_SESSION='old'\nexport SPEC_KITTY_HOOK_SESSION='new'\n",
    )
    const stale = { SPEC_KITTY_HOOK_SESSION: 'old', CLAUDE_CODE_SESSION_ID: 'new' }
    const id = await openIn(path, ['do', 'x'], { variables: stale })
    const end = await jsonIn(path, ['hooks', 'session-end'], { ...input('new'), variables: stale })
    expect(end.json).toEqual({ left: [id] })
  })

  it('of a hook is used where the agent says nothing', async () => {
    const id = await openIn(path, ['do', 'x'], { variables: { SPEC_KITTY_HOOK_SESSION: 's' } })
    expect((await jsonIn(path, ['hooks', 'session-end'], input('s'))).json).toEqual({ left: [id] })
  })

  it('that a person has set overrides both', async () => {
    const variables = { SPEC_KITTY_SESSION: 'mine', CLAUDE_CODE_SESSION_ID: 's' }
    const id = await openIn(path, ['do', 'x'], { variables })
    const other = await jsonIn(path, ['hooks', 'session-end'], input('s'))
    expect(other.json).toEqual({})
    const own = await jsonIn(path, ['hooks', 'session-end'], { ...input('s'), variables })
    expect(own.json).toEqual({ left: [id] })
  })

  it('keeps what others write into the script of the agent', async () => {
    const script = join(await tempFolder(), 'env.sh')
    await writeFile(script, 'export A=1')
    const variables = { CLAUDE_ENV_FILE: script }
    await runIn(path, ['hooks', 'session-start'], { ...input('s'), variables })
    expect(await readFile(script, 'utf8')).toBe("export A=1\nexport SPEC_KITTY_HOOK_SESSION='s'\n")
  })
})

describe('a captured prompt', () => {
  const capture = (prompt: string) =>
    jsonIn(path, ['hooks', 'prompt', '--capture'], {
      stdin: JSON.stringify({ session_id: 's', prompt }),
    })

  it('that is too large for a record is cut, not lost', async () => {
    const { json } = await capture(`First\n${'x'.repeat(2 ** 20)}`)
    expect(json).toEqual({ opened: expect.any(String) })
    const [name] = [...(await listed()).matchAll(/"path":"([^"]+)"/g)].map(([, file]) => file)
    expect(JSON.parse(await repository.read(name ?? ''))).toMatchObject({
      request_text: 'First\n[cut]',
    })
  })

  it('that is blank opens nothing', async () => {
    expect((await capture(' \n')).json).toEqual({})
  })
})
