import {
  chmod,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { execa } from 'execa'
import { beforeEach, describe, expect, it } from 'vitest'
import { AGENTS, agentNamed } from '../../src/agents/registry.js'
import { homeOf } from '../../src/hooks/originals.js'
import { PACKAGE_ROOT } from '../../src/package-info.js'
import { jsonIn, plainVariables, runIn } from '../support/in-process.js'
import { pathWithBuiltProgram, pathWithProgram } from '../support/on-path.js'

let repository: Repository
let path: string
let home: string

beforeEach(async () => {
  repository = await newRepository()
  path = repository.path
  home = await tempFolder()
})

const variables = () => ({ HOME: home, USERPROFILE: home, LOCALAPPDATA: join(home, 'Local') })
const hooks = (...argv: readonly string[]) =>
  runIn(path, ['hooks', ...argv], { variables: variables() })
const hooksJson = async (...argv: readonly string[]) =>
  (await jsonIn(path, ['hooks', ...argv], { variables: variables() })).json

const filesIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true }))
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => !/^(?:\.git|\.local|Local)(?:\/|$)/.test(name))
    .toSorted()

it('an empty HOME does not mean the current folder', () => {
  const before = process.env.HOME
  try {
    process.env.HOME = ''
    expect(isAbsolute(homeOf({ HOME: '' }))).toBe(true)
  } finally {
    if (before === undefined) delete process.env.HOME
    else process.env.HOME = before
  }
})

it('instructions that have no file are not passed over in silence', async () => {
  const { status, stderr } = await hooks('install', 'cursor', '--user', '--instructions')
  expect(status).toBe(0)
  expect(stderr).toContain('Cursor reads no file with instructions of a user')
  expect((await hooks('install', 'cursor', '--instructions')).stderr).not.toContain('reads no file')
})

it('nothing is installed in a git directory', async () => {
  const folder = join(path, '.git')
  const { json } = await jsonIn(folder, ['hooks', 'install', 'claude-code'])
  expect(json).toMatchObject({ error: { code: 'NO_WORK_TREE' } })
  expect(await readdir(folder)).not.toContain('.claude')
})

const NAMES = AGENTS.map(({ name }) => name)
const ALL = ['--instructions'] as const

describe.each(NAMES)('the installation for %s', (name) => {
  const agent = agentNamed(name)
  const capture = agent.events.prompt === undefined ? [] : ['--capture']

  it.each(['project', 'user'])(
    'can be repeated, shown, and removed to the last folder (%s)',
    async (scope) => {
      const user = scope === 'user' ? ['--user'] : []
      const where = scope === 'user' ? home : path
      const before = await filesIn(where)
      const install = () => hooksJson('install', name, ...ALL, ...capture, ...user)
      expect(await install()).toMatchObject({ changed: true })
      const files = await filesIn(where)
      expect(await install()).toMatchObject({ changed: false })
      expect(await filesIn(where)).toEqual(files)
      const wanted = Object.keys(agent.events)
      expect(await hooksJson('status')).toMatchObject({
        agents: [{ agent: name, scope, events: wanted, capture: capture.length > 0 }],
      })
      expect(await hooksJson('remove', name, ...user)).toMatchObject({ changed: true })
      expect(await filesIn(where)).toEqual(before)
      expect(await hooksJson('remove', name, ...user)).toMatchObject({ changed: false })
      expect(await hooksJson('status')).toMatchObject({ agents: [] })
    },
  )

  it('fails nothing of the agent if the program is not on the PATH', async () => {
    const nowhere = await tempFolder()
    await hooks('install', name)
    const text = await readFile(join(path, agent.settings.project), 'utf8')
    const commands = [...text.matchAll(/"(spec-kitty hooks [^"]+ \|\| exit 0)"/g)]
    expect(commands.length).toBe(Object.keys(agent.events).filter((e) => e !== 'prompt').length)
    for (const [, command = ''] of commands) {
      const env = { ...plainVariables(), PATH: nowhere, Path: nowhere }
      const shell = process.platform === 'win32' ? true : '/bin/sh'
      const run = await execa(command, { shell, cwd: path, env, extendEnv: false, input: '{}' })
      expect(run).toMatchObject({ exitCode: 0, stdout: '' })
    }
  })
})

const JSON_AGENTS = NAMES.filter((name) => agentNamed(name).form.kind === 'json')

const TEXTS: Readonly<Record<string, string>> = {
  'two spaces': '{\n  "model": "x"\n}\n',
  'four spaces, no line feed at the end': '{\n    "model": "x"\n}',
  tabs: '{\n\t"model": "x",\n\t"list": [1,2,   3]\n}\n',
  'one line': '{"model":"x","hooks":{}}',
  CRLF: '{\r\n  "model": "x"\r\n}\r\n',
  'a byte-order mark': '\uFEFF{"model": "x"}\n',
  'comments and a trailing comma': '{\n  // mine\n  "model": "x", /* too */\n}\n',
  'empty lists': '{\n  "hooks": {\n    "Stop": [],\n    "SessionStart": []\n  }\n}\n',
  nothing: '',
  'an empty object': '{}\n',
  'hooks of others': `${JSON.stringify({
    version: 1,
    hooks: {
      SessionStart: [{ matcher: 'x', hooks: [{ type: 'command', command: 'mine' }] }],
      sessionStart: [{ command: 'mine', type: 'command', bash: 'mine' }],
      Other: [],
    },
  })}\n`,
}

describe.each(JSON_AGENTS)('the settings of %s', (name) => {
  const file = agentNamed(name).settings.project

  it.each(Object.keys(TEXTS))(
    'with %s keep their text, and are restored to the byte',
    async (kind) => {
      const text = TEXTS[kind] ?? ''
      await repository.write(file, text)
      expect(await hooks('install', name)).toMatchObject({ status: 0 })
      const installed = await repository.read(file)
      expect(installed).toContain('spec-kitty hooks session-start')
      for (const part of ['"list": [1,2,   3]', '// mine', '/* too */', '\uFEFF']) {
        if (text.includes(part)) expect(installed).toContain(part)
      }
      if (text.includes('mine')) expect(installed).toContain('mine')
      if (kind.includes('spaces'))
        expect(installed.startsWith(text.trim().slice(0, -1).trimEnd())).toBe(true)
      if (kind === 'CRLF') expect(installed.replaceAll('\r\n', '')).not.toContain('\n')
      if (kind === 'tabs') expect(installed).toMatch(/^\t\t"/m)
      await hooks('remove', name)
      expect(await repository.read(file)).toBe(text)
    },
  )

  it('that somebody edited meanwhile lose only our hooks', async () => {
    await repository.write(file, '{\n  "model": "x"\n}\n')
    await hooks('install', name)
    const edited = (await repository.read(file)).replace('"model": "x"', '"model": "y"')
    await repository.write(file, edited)
    await hooks('remove', name)
    const rest = await repository.read(file)
    expect(rest).toMatch(/^\{\n {2}"model": "y"/)
    expect(rest).not.toContain('spec-kitty')
  })

  it.each([
    '{"a":1,"hooks":{"Other":[]}}\n',
    '{\n  "a": 1,\n  "hooks": {\n    "Other": []\n  }\n}\n',
  ])('are restored without a memory too, if nothing of ours was there: %j', async (text) => {
    if (name === 'cursor' || name === 'copilot') return
    await repository.write(file, text)
    await hooks('install', name)
    home = await tempFolder()
    await hooks('remove', name)
    expect(await repository.read(file)).toBe(text)
  })

  it('that another clone installed are removed without its memory', async () => {
    await hooks('install', name)
    home = await tempFolder()
    await hooks('remove', name)
    expect(await filesIn(path)).not.toContain(file)
  })

  it.each([
    ['not JSON', '{ broken'],
    ['no object', '[]'],
    ['hooks that are no object', '{"hooks": []}'],
    ['hooks that are no list', '{"hooks": {"SessionEnd": {}}}'],
  ])('are left alone if they are %s', async (_, text) => {
    await repository.write(file, text)
    for (const argv of [
      ['install', name],
      ['remove', name],
    ]) {
      const run = await hooks(...argv)
      expect(run).toMatchObject({ status: 1, stderr: expect.stringContaining(file) })
    }
    expect(await repository.read(file)).toBe(text)
    expect(await hooksJson('status')).toMatchObject({ agents: [{ problem: expect.any(String) }] })
  })
})

describe('a file of an agent', () => {
  const FILE = '.claude/settings.json'

  it.skipIf(process.platform === 'win32').each([0o600, 0o640, 0o664])(
    'keeps its mode %o',
    async (mode) => {
      await repository.write(FILE, '{}\n')
      await chmod(join(path, FILE), mode)
      await hooks('install', 'claude-code')
      expect((await stat(join(path, FILE))).mode & 0o777).toBe(mode)
      await hooks('remove', 'claude-code')
      expect((await stat(join(path, FILE))).mode & 0o777).toBe(mode)
    },
  )

  it.skipIf(process.platform === 'win32')(
    'that is a link stays one, also one that leads nowhere yet',
    async () => {
      const dotfiles = await tempFolder()
      await mkdir(dirname(join(path, FILE)))
      for (const [name, text] of [
        ['there.json', '{"model":"x"}\n'],
        ['none.json', undefined],
      ] as const) {
        const target = join(dotfiles, name)
        if (text !== undefined) await writeFile(target, text)
        await symlink(target, join(path, FILE)).catch(() => undefined)
        await hooks('install', 'claude-code')
        expect((await lstat(join(path, FILE))).isSymbolicLink()).toBe(true)
        expect(await readFile(target, 'utf8')).toContain('spec-kitty')
        await hooks('remove', 'claude-code')
        expect((await lstat(join(path, FILE))).isSymbolicLink()).toBe(true)
        expect(await readdir(dotfiles)).toEqual(['there.json'])
        expect(await readFile(join(dotfiles, 'there.json'), 'utf8')).toBe('{"model":"x"}\n')
        await execa('rm', [join(path, FILE)])
      }
    },
  )

  it.skipIf(process.platform === 'win32')(
    'with a second hard link stays the same file',
    async () => {
      await repository.write(FILE, '{}\n')
      const other = join(path, 'other.json')
      await link(join(path, FILE), other)
      await hooks('install', 'claude-code')
      expect(await readFile(other, 'utf8')).toContain('spec-kitty')
    },
  )

  it.each([
    ['opencode', '.opencode/plugins/spec-kitty.js'],
    ['claude-code', '.claude/skills/spec-kitty/SKILL.md'],
  ])('that should be ours alone and is not is left alone (%s)', async (name, file) => {
    await repository.write(file, 'mine\n')
    expect(await hooks('install', name, ...ALL)).toMatchObject({ status: 1 })
    await hooks('remove', name)
    expect(await repository.read(file)).toBe('mine\n')
  })

  it('that is not UTF-8 is left alone', async () => {
    const bytes = Buffer.from([0x23, 0x20, 0xe4, 0x0a])
    await writeFile(join(path, 'CLAUDE.md'), bytes)
    expect(await hooks('install', 'claude-code', ...ALL)).toMatchObject({ status: 1 })
    expect(await readFile(join(path, 'CLAUDE.md'))).toEqual(bytes)
  })
})

describe('instructions', () => {
  it('have at most 1,000 characters', async () => {
    const { stdout } = await runIn(path, ['agents'])
    expect(stdout.length).toBeLessThanOrEqual(1000)
    for (const word of [
      'verbatim',
      'Keep the id',
      '--artifact',
      '--commit',
      '--reason',
      'sub-agent',
    ]) {
      expect(stdout).toContain(word)
    }
  })

  it.each(['# Mine\n', '# Mine', '# Mine\r\n\r\nText\r\n', ''])(
    'are a block in %j, replaced in place, and removed to the byte',
    async (text) => {
      await repository.write('AGENTS.md', text)
      await hooks('install', 'codex', ...ALL)
      const installed = await repository.read('AGENTS.md')
      expect(installed.startsWith(text)).toBe(true)
      expect(installed.match(/spec-kitty:begin/g)).toHaveLength(1)
      await repository.write('AGENTS.md', `${installed.replace('verbatim', 'old')}\nMore\n`)
      await hooks('install', 'codex', ...ALL)
      expect(await repository.read('AGENTS.md')).toBe(`${installed}\nMore\n`)
      await repository.write('AGENTS.md', installed)
      await hooks('remove', 'codex')
      expect(await repository.read('AGENTS.md')).toBe(text)
    },
  )

  it('leave a begin without an end, and what follows it, to the person', async () => {
    const text = '<!-- spec-kitty:begin codex -->\nMine\n'
    await repository.write('AGENTS.md', text)
    for (const name of ['codex', 'opencode', 'codex']) await hooks('install', name, ...ALL)
    expect(await repository.read('AGENTS.md')).toContain(
      `${text}\n<!-- spec-kitty:begin codex, open`,
    )
    // Edited since, so that the block is cut out of the text.
    await repository.write('AGENTS.md', `${await repository.read('AGENTS.md')}More\n`)
    for (const name of ['codex', 'opencode']) await hooks('remove', name)
    expect(await repository.read('AGENTS.md')).toBe(`${text}More\n`)
  })

  it('that a merge left twice become one, and are removed', async () => {
    await hooks('install', 'codex', ...ALL)
    const block = await repository.read('AGENTS.md')
    await repository.write('AGENTS.md', `# One\n${block}# Two\n${block}# Three\n`)
    await hooks('install', 'opencode', ...ALL)
    expect((await repository.read('AGENTS.md')).match(/spec-kitty:begin/g)).toHaveLength(1)
    await repository.write('AGENTS.md', `# One\n${block}# Two\n${block}# Three\n`)
    await hooks('remove', 'codex')
    expect(await repository.read('AGENTS.md')).toBe('# One\n# Two\n# Three\n')
  })

  it('that two agents share stay until both are removed', async () => {
    await repository.write('AGENTS.md', '# Mine\n')
    for (const name of ['codex', 'opencode']) await hooks('install', name, ...ALL)
    await hooks('remove', 'codex')
    expect(await repository.read('AGENTS.md')).toContain('spec-kitty:begin opencode ')
    await hooks('remove', 'opencode')
    expect(await repository.read('AGENTS.md')).toBe('# Mine\n')
  })

  it('are a skill for Claude Code', async () => {
    await hooks('install', 'claude-code', ...ALL)
    const skill = await repository.read('.claude/skills/spec-kitty/SKILL.md')
    expect(skill).toMatch(/^---\nname: spec-kitty\ndescription: .+\n---\n\nThis project/)
  })
})

describe('an installation', () => {
  it('turns capturing off if it is repeated without it', async () => {
    await hooks('install', 'codex', '--capture')
    expect(await hooksJson('install', 'codex')).toMatchObject({ changed: true })
    expect(await hooksJson('status')).toMatchObject({ agents: [{ capture: false }] })
  })

  it('cannot capture where the agent documents no prompt that is used', async () => {
    const run = await hooks('install', 'gemini', '--capture')
    expect(run).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('claude-code and codex'),
    })
  })

  it('warns if prompts would be captured twice', async () => {
    await hooks('install', 'claude-code', '--capture')
    const { stderr } = await hooks('install', 'claude-code', '--capture', '--user')
    expect(stderr).toContain('recorded twice')
  })

  it('follows the variable of the agent for its folder', async () => {
    const folder = await tempFolder()
    const own = { ...variables(), CODEX_HOME: folder }
    await runIn(path, ['hooks', 'install', 'codex', '--user'], { variables: own })
    expect(await readdir(folder)).toEqual(['hooks.json'])
  })
})

describe('the doctor', () => {
  const check = async (PATH: string) =>
    (
      await jsonIn(path, ['doctor', 'ops', '--check', 'agent-hooks'], {
        variables: { ...variables(), PATH, Path: undefined },
      })
    ).json

  it('finds hooks whose program is missing or does not run, and nothing if it runs', async () => {
    expect(await check('')).toMatchObject({ findings: [] })
    await hooks('install', 'claude-code')
    const broken = { id: 'agent-hooks', severity: 'warning', path: '.claude/settings.json' }
    expect(await check(await tempFolder())).toMatchObject({ findings: [broken] })
    expect(await check(await pathWithBuiltProgram())).toMatchObject({ findings: [], healthy: true })
    // A program in the repository is not started, also if the PATH names the current folder.
    const here = join(path, process.platform === 'win32' ? 'spec-kitty.cmd' : 'spec-kitty')
    await writeFile(here, 'echo 1 > ran', { mode: 0o755 })
    expect(await check('.')).toMatchObject({ findings: [broken] })
    expect(await readdir(path)).not.toContain('ran')
    if (process.platform === 'win32') return
    const folder = await pathWithProgram()
    await writeFile(join(folder.split(':')[0] ?? '', 'spec-kitty'), '#!/bin/sh\nexit 3\n')
    expect(await check(folder)).toMatchObject({ findings: [broken], healthy: false })
  })

  it('shows nothing where a file has the name of the folder of an agent', async () => {
    await writeFile(join(path, '.claude'), 'Not a folder\n')
    expect((await hooks('status')).status).toBe(0)
    const { json } = await jsonIn(path, ['doctor', 'ops'], { variables: variables() })
    expect(json).toMatchObject({ healthy: true })
    const installed = await hooks('install', 'claude-code')
    expect(installed).toMatchObject({ status: 1, stderr: expect.not.stringContaining('A bug in') })
    expect(await readFile(join(path, '.claude'), 'utf8')).toBe('Not a folder\n')
  })

  it('names what an older version did not install, with the command', async () => {
    await hooks('install', 'codex', '--user')
    const file = join(home, '.codex', 'hooks.json')
    const settings = JSON.parse(await readFile(file, 'utf8'))
    delete settings.hooks.Stop
    await writeFile(file, JSON.stringify(settings))
    expect(await check(await pathWithBuiltProgram())).toMatchObject({
      healthy: true,
      findings: [{ severity: 'info', commands: ['spec-kitty hooks install codex --user'] }],
    })
  })
})

describe('hooks under the other name of the program', () => {
  const other = async (...argv: readonly string[]) => {
    const file = join(PACKAGE_ROOT, 'bin', 'kitty-ops.js')
    const env = { ...plainVariables(), ...variables() }
    const args = [file, 'hooks', ...argv, '--json']
    const { stdout } = await execa(process.execPath, args, { cwd: path, env, extendEnv: false })
    return JSON.parse(stdout)
  }

  it.each(['claude-code', 'opencode'])(
    'are seen, replaced and removed, and are never there twice (%s)',
    async (name) => {
      await hooks('install', name)
      const events = Object.keys(agentNamed(name).events).filter((event) => event !== 'prompt')
      const installed = (program: string) => [{ agent: name, events, programs: [program] }]
      expect(await other('status')).toMatchObject({ agents: installed('spec-kitty') })
      expect(await other('install', name)).toMatchObject({ changed: true })
      expect(await hooksJson('status')).toMatchObject({ agents: installed('kitty-ops') })
      expect(await hooksJson('remove', name)).toMatchObject({ changed: true })
      expect(await other('status')).toMatchObject({ agents: [] })
    },
  )
})
