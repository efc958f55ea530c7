import { newRepository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { runIn } from '../support/in-process.js'

const FILE = '.claude/settings.json'
const INSTALL = ['hooks', 'install', 'claude-code']

describe('the settings of Claude Code', () => {
  it('keep all other content', async () => {
    const { path, write, read } = await newRepository()
    const own = {
      model: 'x',
      hooks: { SessionStart: [{ hooks: [{ type: 'command', command: 'mine' }] }, 7], Stop: [] },
    }
    await write(FILE, `\uFEFF${JSON.stringify(own)}`)
    expect((await runIn(path, INSTALL)).status).toBe(0)
    expect((await runIn(path, INSTALL)).stdout).toMatch(/already|were there|are in/)
    expect(JSON.parse((await read(FILE)).replace(/^\uFEFF/, ''))).toMatchObject({ model: 'x' })
    expect(await read(FILE)).toContain('mine')
    expect((await runIn(path, ['hooks', 'remove', 'claude-code'])).status).toBe(0)
    expect(await read(FILE)).not.toContain('spec-kitty hooks')
    expect(await read(FILE)).toContain('mine')
  })

  it.each([
    ['not JSON', '{ broken'],
    ['no object', '[]'],
    ['hooks that are no object', '{"hooks": []}'],
    ['hooks that are there twice', '{"hooks": {"Stop": []}, "hooks": {"Stop": []}}'],
    ['an event that is there twice', '{"hooks": {"Stop": [1], "Stop": []}}'],
    ['lists in too many lists', `{"a": ${'['.repeat(100_000)}`],
    ['hooks that are no list', '{"hooks": {"SessionEnd": {}}}'],
  ])('are left alone when they are %s', async (_, text) => {
    const { path, write, read } = await newRepository()
    await write(FILE, text)
    const run = await runIn(path, INSTALL)
    expect(run).toMatchObject({ status: 1, stderr: expect.stringContaining('settings.json') })
    expect(await read(FILE)).toBe(text)
  })

  it('can have names that mean something to JavaScript', async () => {
    const { path, write, read } = await newRepository()
    const text = '{"__proto__": {"hooks": {"SessionStart": []}}, "constructor": 1}'
    await write(FILE, text)
    expect((await runIn(path, INSTALL)).status).toBe(0)
    expect(await read(FILE)).toContain('session-start')
    expect((await runIn(path, ['hooks', 'remove', 'claude-code'])).status).toBe(0)
    expect(await read(FILE)).toBe(text)
  })

  it('keep comments beside hooks that are removed', async () => {
    const { path, write, read } = await newRepository()
    const own = '{\n  "hooks": {\n    "SessionStart": [/* a */ 1 /* b */]\n  }\n}\n'
    await write(FILE, own)
    await runIn(path, INSTALL)
    // Between hooks of this program, so that the text is edited.
    const installed = (await read(FILE)).replace('"SessionEnd"', '// c\n "SessionEnd"')
    await write(FILE, installed.replace('"hooks"', '/* d */ "hooks"'))
    expect((await runIn(path, ['hooks', 'remove', 'claude-code'])).status).toBe(0)
    const rest = await read(FILE)
    expect(rest).not.toContain('spec-kitty')
    for (const comment of ['/* a */', '/* b */', '// c', '/* d */']) expect(rest).toContain(comment)
  })

  it.each([
    '{"hooks":/* a */{}}',
    '{"hooks": {/* a */}, "x": 1}',
    '{\n  "hooks": { // a\n    "Stop": []\n  },\n}\n',
    '{"hooks": {"SessionStart": /* a */ [], "Stop": [/* b */]}}',
  ])('keep comments inside of what would be removed: %s', async (text) => {
    const { path, write, read } = await newRepository()
    await write(FILE, text)
    await runIn(path, INSTALL)
    expect(await read(FILE)).toContain('spec-kitty hooks')
    // Changed, so that it is edited, and not restored.
    await write(FILE, (await read(FILE)).replace(/\}\s*$/, '\n}\n'))
    expect((await runIn(path, ['hooks', 'remove', 'claude-code'])).status).toBe(0)
    const rest = await read(FILE)
    expect(rest).not.toContain('spec-kitty')
    for (const comment of text.match(/\/\/ a|\/\* . \*\//g) ?? []) expect(rest).toContain(comment)
  })

  it('are created if the file is missing or blank', async () => {
    const { path, write, read } = await newRepository()
    await write(FILE, '\n')
    expect((await runIn(path, INSTALL)).status).toBe(0)
    expect(await read(FILE)).toContain('session-start')
  })
})

describe('hooks at the ends of a session', () => {
  it('name and mark the Ops of the session in every work tree', async () => {
    const { path, git } = await newRepository()
    const linked = `${path}-linked`
    await git('worktree', 'add', '--quiet', '-b', 'other', linked)
    const variables = { CLAUDECODE: '1', CLAUDE_CODE_SESSION_ID: 's-1' }
    for (const root of [path, linked]) await runIn(root, ['do', 'x'], { variables })
    await runIn(path, ['do', 'of nobody'])
    const stdin = JSON.stringify({ session_id: 's-1' })
    const start = await runIn(path, ['hooks', 'session-start'], { stdin, variables })
    expect(start).toMatchObject({ status: 0, stdout: expect.stringContaining('ops complete') })
    const end = await runIn(path, ['hooks', 'session-end'], { stdin, variables })
    expect(end).toMatchObject({ status: 0, stdout: expect.stringContaining('2 Ops') })
    expect((await runIn(path, ['hooks', 'session-end'], { stdin })).stdout).toBe('')
    for (const odd of ['', 'not json', '[]', '{"session_id": 7}']) {
      expect(await runIn(path, ['hooks', 'session-end'], { stdin: odd })).toMatchObject({
        status: 0,
        stdout: '',
      })
    }
    await runIn(linked, ['do', 'y'], { variables })
    const one = await runIn(linked, ['hooks', 'session-end', '--json'], { stdin, variables })
    expect(JSON.parse(one.stdout)).toEqual({ left: [expect.any(String)] })
  })
})
