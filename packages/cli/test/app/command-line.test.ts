import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/app/all-commands.js'
import { readCommandLine } from '../../src/app/command-line.js'
import { helpText } from '../../src/app/help.js'
import { main } from '../../src/app/main.js'
import { REGISTRY } from '../../src/app/registry.js'
import { internalError } from '../../src/command/errors.js'
import { printError } from '../../src/command/result.js'
import { nearest } from '../../src/command/suggest.js'
import { asKittyError } from '../../src/command/usage.js'
import { SPEC_KITTY } from '../../src/package-info.js'
import { jsonIn, openIn, runIn } from '../support/in-process.js'

const NAMES = [...REGISTRY.keys()]

describe('help', () => {
  it.each([[[]], [['--help']], [['-h']], [['help']]])(
    'lists every command for %j',
    async (argv) => {
      const { status, stdout, stderr } = await runIn(await tempFolder(), argv)
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      for (const [name, { summary }] of REGISTRY) {
        expect(stdout).toMatch(new RegExp(`^  ${name} +${summary.replaceAll('.', '\\.')}$`, 'm'))
      }
    },
  )

  it.each(NAMES)('%s has help with its usage, its flags and an example', async (name) => {
    const { status, stdout } = await runIn(await tempFolder(), [...name.split(' '), '--help'])
    expect(status).toBe(0)
    expect(stdout).toContain(`${REGISTRY.get(name)?.summary}\n\nUSAGE\n  $ spec-kitty ${name}`)
    expect(stdout).toContain('--json')
    expect(stdout).toContain('--root=FOLDER')
    expect(stdout).toMatch(/EXAMPLES\n {2}\$ /)
    expect(stdout).not.toContain('\u001b')
    const flags = [...stdout.matchAll(/^( +(?:-\w, )?)--\w/gm)].map(([, before = '']) => before)
    const own = flags.slice(0, flags.length - 5)
    expect(new Set(own.map(({ length }) => length)).size).toBeLessThanOrEqual(1)
  })

  it.each([[['ops']], [['help', 'ops']], [['ops', '--help']]])(
    'lists a topic for %j',
    async (argv) => {
      const { status, stdout } = await runIn(await tempFolder(), argv)
      expect(status).toBe(0)
      expect(stdout).toContain('ops complete')
      expect(stdout).not.toContain('doctor ops')
    },
  )

  it('fits 80 columns, and breaks no word', async () => {
    const folder = await tempFolder()
    const topics = new Set(NAMES.map((name) => name.split(' ')[0] ?? ''))
    for (const name of ['', ...topics, ...NAMES]) {
      const argv = [...name.split(' ').filter(Boolean), '--help']
      const narrow = (await runIn(folder, argv, { columns: 200 })).stdout
      expect(narrow.split('\n').filter((line) => line.length > 80)).toEqual([])
      if (name === '' || REGISTRY.get(name) === undefined) continue
      const wide = await helpText(name, { coloured: false, width: 1000 })
      const words = (text: string) => text.split(/\s+/)
      expect(words(narrow)).toEqual(words(wide))
    }
  })

  it('groups the commands, says what an Op is, and has three examples', async () => {
    const { stdout } = await runIn(await tempFolder(), ['--help'])
    const headings = [...stdout.matchAll(/^[A-Z][A-Z-]+$/gm)].map(([heading]) => heading)
    expect(headings).toEqual(['USAGE', 'WORK', 'RECORDS', 'REPOSITORY', 'SETUP', 'EXAMPLES'])
    expect(stdout).toMatch(/^An Op is /m)
    const [, examples = ''] = stdout.split('EXAMPLES\n')
    expect(examples.match(/^ {2}\$ spec-kitty /gm)).toHaveLength(3)
  })

  it('is not triggered by a flag after --', () => {
    expect(readCommandLine(['do', 'x', '--', 'npm', '--help'])).toMatchObject({ help: false })
  })

  it('is in colour for a terminal', async () => {
    const { stdout } = await runIn(await tempFolder(), ['do', '--help'], { terminal: true })
    expect(stripVTControlCharacters(stdout)).toContain('USAGE')
  })
})

describe('help for programs', () => {
  const helpJson = async (...words: readonly string[]) =>
    (await jsonIn(await tempFolder(), [...words, '--help'])).json

  it('lists the commands, of the program or of a topic', async () => {
    const listed = [...REGISTRY].map(([command, { summary, group }]) => ({
      command,
      summary,
      group,
    }))
    expect(await helpJson()).toEqual({
      program: 'spec-kitty',
      description: expect.any(String),
      json_reference: 'docs/json.md',
      commands: listed,
    })
    const commands = listed.filter(({ command }) => command.startsWith('hooks '))
    expect(await helpJson('hooks')).toEqual({ topic: 'hooks', commands })
    const { stdout } = await runIn(await tempFolder(), ['help', 'hooks', '--json'])
    expect(JSON.parse(stdout)).toEqual({ topic: 'hooks', commands })
  })

  it.each(NAMES)('%s has every flag, argument and example of its help', async (name) => {
    const text = await helpText(name, { coloured: false, width: 10_000 })
    const json = JSON.parse(JSON.stringify(await helpJson(...name.split(' '))))
    expect(json).toMatchObject({ command: name, summary: REGISTRY.get(name)?.summary })
    expect(json.usage[0]).toMatch(`spec-kitty ${name}`)
    const shown = [...text.matchAll(/^ +(?:-\w, )?(--[\w-]+)/gm)].map(([, flag]) => flag)
    expect(json.flags.map(({ flag }: { flag: string }) => flag).toSorted()).toEqual(
      shown.toSorted(),
    )
    for (const example of json.examples) expect(text).toContain(`$ ${example}`)
    for (const { arg } of json.args) expect(text).toContain(arg)
    if (json.description !== undefined) expect(json.description).not.toMatch(/[^\n]\n[^\n]/)
  })

  it('has the values of a flag and of an argument', async () => {
    expect(await helpJson('ops', 'complete')).toMatchObject({
      flags: expect.arrayContaining([
        expect.objectContaining({
          flag: '--outcome',
          values: ['done', 'failed', 'abandoned'],
          required: true,
          repeatable: false,
        }),
        expect.objectContaining({ flag: '--artifact', value: 'PATH', repeatable: true }),
      ]),
    })
    expect(await helpJson('ops', 'list')).toMatchObject({
      flags: expect.arrayContaining([expect.objectContaining({ flag: '--limit', short: '-n' })]),
    })
    expect(await helpJson('hooks', 'install')).toMatchObject({
      args: [
        {
          arg: 'AGENT',
          values: ['claude-code', 'codex', 'copilot', 'gemini', 'cursor', 'opencode'],
          required: true,
          repeatable: false,
        },
      ],
    })
  })
})

describe('a part of an Io', () => {
  it('is completed by the process', async () => {
    const { path } = await newRepository()
    const [out, err]: [string[], string[]] = [[], []]
    const stdout = { write: (text: string) => out.push(text) }
    const stderr = { write: (text: string) => err.push(text) }
    expect(await main(['ops', 'list', '--json', '--root', path], { stdout, stderr })).toBe(0)
    expect(JSON.parse(out.join(''))).toEqual({ ops: [] })
    expect(await main(['ops', 'lst'], { stdout, stderr })).toBe(2)
    expect(err.join('')).toContain('Unknown command "ops lst"')
  })

  it('gets the output of a command under an Op', async () => {
    const { path } = await newRepository()
    const stdout = new PassThrough()
    const stderr = new PassThrough()
    const script = 'console.log("käse"); console.error("trouble")'
    const argv = ['do', 'x', '--', process.execPath, '-e', script]
    expect(await main(argv, { cwd: path, stdout, stderr })).toBe(0)
    expect(String(stdout.read())).toContain('käse')
    expect(String(stderr.read())).toMatch(/trouble\n.*done after/s)
  })
})

describe('the version', () => {
  it('is JSON with --json', async () => {
    expect((await jsonIn(await tempFolder(), ['--version'])).json).toEqual({
      name: '@kitty/cli',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      platform: `${process.platform}-${process.arch}`,
      node: process.version,
    })
  })

  it.each(['--version', 'version', '-v', '-V'])('is printed for %s', async (argument) => {
    const { status, stdout } = await runIn(await tempFolder(), [argument])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^@kitty\/cli\/\d+\.\d+\.\d+ \w+-\w+ node-v\d+/)
  })
})

describe('the commands', () => {
  it('are the same for oclif', () => {
    expect(Object.keys(COMMANDS)).toEqual(NAMES.map((name) => name.replaceAll(' ', ':')))
  })

  it('accept general flags before the command', async () => {
    const { path } = await newRepository()
    const id = await openIn(path)
    const elsewhere = await tempFolder()
    for (const ahead of [['--root', path], [`--root=${path}`], ['--json', '--root', path]]) {
      const { status, stdout } = await runIn(elsewhere, [...ahead, 'ops', 'list'])
      expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining(id) })
    }
  })
})

describe('wrong usage', () => {
  it.each([
    [['ops', 'lst'], 'Unknown command "ops lst"', 'Did you mean "ops list"?'],
    [['opslist'], 'Unknown command "opslist"', 'Did you mean "ops list"?'],
    [['doo', 'something'], 'Unknown command "doo something"', 'See: spec-kitty --help'],
    [['constructor'], 'Unknown command "constructor"', 'See: spec-kitty --help'],
    [['list'], 'Unknown command "list"', 'Did you mean "ops list"?'],
    [['complete', 'x'], 'Unknown command "complete x"', 'Did you mean "ops complete"?'],
    [['op', 'list'], 'Unknown command "op list"', 'Did you mean "ops list"?'],
    [['ops', 'complete'], 'Missing --outcome (done, failed, abandoned)', 'See:'],
    [['ops', 'list', '--jsonl', '--csv'], "--csv and --jsonl can't be used together.", 'See:'],
    [['invocations', 'list', '-n', '0'], '--limit: invalid number "0"', 'See:'],
    // A hook of a newer version: what is installed ends with `|| exit 0`.
    [['hooks', 'next-event', '--agent', 'codex'], 'Unknown command "hooks next-event"', 'See:'],
    [['ops', 'why', 'x', '--line', 'y'], '--line: invalid number "y"', 'See:'],
    [['--jsn'], 'Unknown flag --jsn', 'Did you mean --json? See: spec-kitty --help'],
    [['-p'], 'Unknown flag -p', 'See: spec-kitty --help'],
    [['-i'], 'Unknown flag -i', 'See: spec-kitty --help'],
    [['--profile', 'x', 'do', 'y'], 'Unknown flag --profile', 'See: spec-kitty --help'],
    [['--root', '.'], 'Missing COMMAND', 'See: spec-kitty --help'],
    [['do', 'x', '-p'], 'Unknown flag -p', 'Did you mean --profile? See: spec-kitty do --help'],
    [['do', 'x', '-m'], 'Unknown flag -m', 'Did you mean --mode or --mission or --model? See:'],
    [['ops', 'list', '-i'], 'Unknown flag -i', 'See: spec-kitty ops list --help'],
    [['doctor', '--fix'], 'Missing COMMAND after "doctor" (ops)', '"doctor ops --fix"? See:'],
    [
      ['hooks', '--no-color'],
      'Missing COMMAND after "hooks" (install, remove, status, session-start, prompt, subagent-start, subagent-stop, stop, session-end)',
      '  See: spec-kitty hooks --help',
    ],
    [
      ['ops', 'close'],
      'Unknown command "ops close"',
      'Did you mean "ops complete"? See: spec-kitty ops',
    ],
    [['close'], 'Unknown command "close"', 'Did you mean "ops complete"?'],
    [['open', 'x'], 'Unknown command "open x"', 'Did you mean "do"?'],
    [['ops', 'doctor'], 'Unknown command "ops doctor"', 'Did you mean "doctor ops"?'],
    [['hooks', 'uninstall'], 'Unknown command "hooks uninstall"', 'Did you mean "hooks remove"?'],
    [
      ['ops', 'complete', '--outcome', 'success'],
      'Invalid value "success" for --outcome (done, failed, abandoned)',
      'Did you mean "done"? See: spec-kitty ops complete --help',
    ],
    [
      ['ops', 'complete', '--outcome=sideways'],
      'Invalid value "sideways" for --outcome (done, failed, abandoned)',
      '  See: spec-kitty ops complete --help',
    ],
    [
      ['ops', 'complete', '--outcome', 'none'],
      'Invalid value "none" for --outcome (done, failed, abandoned)',
      '  See: spec-kitty ops complete --help',
    ],
    [['do', '--json=true'], '--json takes no value.', '  Use --json alone, or leave it out. See:'],
    [['do', '--help=x'], '--help takes no value.', 'See: spec-kitty do --help'],
    [
      ['ops', 'complete', '--outcome', 'done', '--reason', '--json=x', '--link-commits=01M8JBQB'],
      '--link-commits takes no value.',
      'See: spec-kitty ops complete --help',
    ],
    [['ops', 'list', '--no-all'], 'Unknown flag --no-all', '  See: spec-kitty ops list --help'],
    [['ops', 'validate', ''], 'FILE is empty.', 'Name a file or a folder.'],
    [
      ['hooks', 'install', 'claude'],
      'Invalid value "claude" for AGENT (claude-code, codex, copilot, gemini, cursor, opencode)',
      'Did you mean "claude-code"?',
    ],
    [
      ['hooks', 'install'],
      'Missing AGENT (claude-code, codex, copilot, gemini, cursor, opencode)',
      'See: spec-kitty hooks install --help',
    ],
  ])('%j prints a message and a hint', async (argv, message, hint) => {
    const { status, stdout, stderr } = await runIn(await tempFolder(), argv)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr.split('\n')).toEqual([
      `spec-kitty: ${message}`,
      expect.stringContaining(hint),
      '',
    ])
  })

  it('is one JSON document with --json', async () => {
    expect(await jsonIn(await tempFolder(), ['opps'])).toEqual({
      status: 2,
      json: {
        error: {
          code: 'UNKNOWN_COMMAND',
          message: 'Unknown command "opps"',
          hint: expect.any(String),
        },
      },
      stderr: '',
    })
    expect(await jsonIn(await tempFolder(), ['ops'])).toMatchObject({
      status: 2,
      json: {
        error: { message: expect.stringMatching(/^Missing COMMAND after "ops" \(complete, /) },
      },
    })
  })

  it('suggests the flag that was meant', async () => {
    const { json } = await jsonIn(await tempFolder(), ['ops', 'list', '--stauts', 'open'])
    expect(json).toMatchObject({
      error: {
        message: 'Unknown flag --stauts',
        hint: expect.stringContaining('--status?'),
      },
    })
  })

  it('is printed as text, whatever was typed', async () => {
    const { stderr } = await runIn(await tempFolder(), ['\u001b[31mred'])
    expect(stderr).not.toContain('\u001b')
  })
})

describe('the nearest word', () => {
  it('is close to the typed one, or there is none', () => {
    expect(nearest('ops lsit', ['ops list', 'ops show'])).toBe('ops list')
    expect(nearest('completely-else', ['ops list', 'ops show'])).toBeUndefined()
    expect(nearest('x'.repeat(10_000), ['x'])).toBeUndefined()
    expect(nearest('x', [])).toBeUndefined()
    expect(nearest('foo', ['do'])).toBeUndefined()
    expect(nearest('doo', ['do'])).toBe('do')
    expect(nearest('p', ['wp'])).toBeUndefined()
  })
})

describe('a bug of the program', () => {
  const site = { program: SPEC_KITTY, command: 'do', flags: [] }

  it('has a code, and asks for a report', () => {
    expect(asKittyError(new TypeError('x is not a function'), site).toJSON()).toEqual({
      code: 'INTERNAL_ERROR',
      message: 'A bug in spec-kitty: x is not a function',
      hint: expect.stringContaining('report'),
    })
    expect(asKittyError('thrown text', site).message).toContain('thrown text')
  })

  it('is not what a full disk is', () => {
    const full = Object.assign(new Error('ENOSPC: no space left'), {
      code: 'ENOSPC',
      syscall: 'mkdir',
      path: '/some/folder',
    })
    expect(asKittyError(full, site)).toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringContaining('/some/folder'),
    })
  })

  it('shows its stack only with --debug', async () => {
    const written: string[] = []
    const output = { isTTY: false, write: (text: string) => void written.push(text) }
    const print = (debug: boolean): string => {
      written.length = 0
      const mode = { ...SPEC_KITTY, json: false, colour: false, debug, root: undefined }
      const io = { stdout: output, stderr: output }
      expect(printError(internalError(new TypeError('x'), 'spec-kitty'), io, mode)).toBe(1)
      return written.join('')
    }
    expect(print(false).split('\n')).toHaveLength(3)
    expect(print(true)).toMatch(/at .*command-line\.test\.ts/)
  })

  it.each([
    [['--debug'], {}],
    [[], { DEBUG: 'spec-kitty' }],
    [[], { DEBUG: 'other,spec-kitty' }],
  ])('%j with %j prints the stack', async (flags, variables) => {
    const folder = await tempFolder()
    const { stderr } = await runIn(folder, ['ops', 'show', '7ZZ', ...flags], { variables })
    expect(stderr).toMatch(/\n {4}at /)
    expect((await runIn(folder, ['ops', 'show', '7ZZ'])).stderr).not.toMatch(/\n {4}at /)
  })
})
