import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { newRepository, type Repository } from '@kitty/test-kit'
import { execa } from 'execa'
import { beforeAll, describe, expect, it } from 'vitest'
import { HOOK_EVENTS } from '../../src/agents/agent.js'
import { REGISTRY } from '../../src/app/registry.js'
import { builtProgram, runBuilt } from '../support/built.js'
import { holdToSchema } from '../support/held-json.js'
import { openIn, plainVariables } from '../support/in-process.js'
import { pathWithProgram } from '../support/on-path.js'

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url))

type Case = {
  /** What it needs in the repository. */
  readonly prepare?: (repository: Repository) => Promise<unknown>
  readonly right: (id: string) => readonly string[]
  readonly status?: number
  readonly says: RegExp
  readonly json: object
  readonly wrong: readonly string[]
  /** The JSON of an error is that of the Python spec-kitty, on standard error. */
  readonly failsAsThere?: true
}

const CASES: Readonly<Record<string, Case>> = {
  do: { right: () => ['do', 'x'], says: /^Opened /, json: { status: 'open' }, wrong: ['do'] },
  ask: {
    right: () => ['ask', 'x'],
    says: /^Opened /,
    json: { status: 'open' },
    wrong: ['ask', 'a', 'b'],
  },
  advise: {
    right: () => ['advise', 'x'],
    says: /^Opened /,
    json: { status: 'open' },
    wrong: ['advise', 'x', '--mode', 'none'],
  },
  'ops complete': {
    right: (id) => ['ops', 'complete', id, '--outcome', 'done'],
    says: /^Closed .*\nRecord .*\nCommit {2}committed as /,
    json: { result: 'success', commit: { status: 'committed' } },
    wrong: ['ops', 'complete'],
  },
  'profile-invocation complete': {
    right: (id) => ['profile-invocation', 'complete', '--invocation-id', id, '--outcome', 'done'],
    says: /^Closed /,
    json: { result: 'success' },
    wrong: ['profile-invocation', 'complete', 'ID', '--outcome', 'done'],
    failsAsThere: true,
  },
  dispatch: {
    right: () => ['dispatch', 'Review it'],
    says: /^Opened .* review by generic\n/,
    json: { status: 'open', action: 'review' },
    wrong: ['dispatch'],
    failsAsThere: true,
  },
  'invocations list': {
    right: () => ['invocations', 'list'],
    says: /^ID .*\n\w{26} /,
    json: [{ status: 'open' }],
    wrong: ['invocations', 'list', '-n', '0'],
  },
  'ops list': {
    right: () => ['ops', 'list'],
    says: /^ID .*\n\w{26} /,
    json: { ops: [{ status: 'open' }] },
    wrong: ['ops', 'list', '--status', 'none'],
  },
  'ops why': {
    right: () => ['ops', 'why', 'README.md'],
    says: /^line 1 {2}\w{10} {2}.*First commit\n {2}No Op is linked to it\.\n$/,
    json: { target: 'README.md', ops: [] },
    wrong: ['ops', 'why'],
  },
  'ops timeline': {
    right: () => ['ops', 'timeline'],
    says: /No mission\n +\w{10} .*▒.* open /,
    json: { groups: [{ ops: [{ status: 'open' }] }] },
    wrong: ['ops', 'timeline', '-n', '0'],
  },
  'hooks install': {
    right: () => ['hooks', 'install', 'claude-code'],
    says: /^Added the hooks to /,
    json: { changed: true },
    wrong: ['hooks', 'install', 'other'],
  },
  'hooks remove': {
    right: () => ['hooks', 'remove', 'claude-code'],
    says: / has no hooks of this program\.\n$/,
    json: { changed: false },
    wrong: ['hooks', 'remove'],
  },
  'hooks status': {
    right: () => ['hooks', 'status'],
    says: /^No hooks are installed\.\n$/,
    json: { runs: true, agents: [] },
    wrong: ['hooks', 'status', 'x'],
  },
  agents: {
    right: () => ['agents'],
    says: /^This project records AI work as Ops/,
    json: { instructions: expect.any(String) },
    wrong: ['agents', 'x'],
  },
  'config show': {
    right: () => ['config', 'show'],
    says: /^ops\.commit +direct +default\n/,
    json: {
      settings: [
        { name: 'ops.commit', value: 'direct', origin: 'default' },
        ...Array.from({ length: 14 }, () => ({})),
      ],
    },
    wrong: ['config', 'show', 'x'],
  },
  'ops report': {
    right: () => ['ops', 'report'],
    says: /^Report {2}.+\.html\nContent 1 Op, [\d.]+ kB; open it in a browser\n$/,
    json: { ops: 1 },
    wrong: ['ops', 'report', '--since', 'never'],
  },
  uninstall: {
    right: () => ['uninstall', '--dry-run'],
    says: /^Still needed: 1 Op is open or not committed\.\nWould remove /,
    json: { dry_run: true, only_in_ledger: [] },
    wrong: ['uninstall', 'x'],
  },
  completion: {
    right: () => ['completion', 'bash'],
    says: /complete -o default -F _spec_kitty spec-kitty\n$/,
    json: { shell: 'bash' },
    wrong: ['completion', 'tcsh'],
  },
  'ops show': {
    right: (id) => ['ops', 'show', id],
    says: /^Op \w{26} {2}open\n/,
    json: { op: { status: 'open' }, commit: null },
    wrong: ['ops', 'show'],
  },
  'ops archive': {
    right: () => ['ops', 'archive'],
    says: /^Nothing to archive\.\n$/,
    json: { result: 'success', archived: 0 },
    wrong: ['ops', 'archive', '--keep', 'x'],
  },
  'ops verify': {
    right: () => ['ops', 'verify'],
    says: /^note .*has no ledger[\s\S]*\nOK\. 0 records and 0 commits checked\.\n$/,
    json: {
      ok: true,
      checked: { records: 0, commits: 0 },
      violations: [],
      notes: [{ id: 'no-ledger' }],
    },
    wrong: ['ops', 'verify', 'x'],
  },
  'ops sync': {
    // With itself.
    prepare: ({ git }) => git('remote', 'add', 'team', '.'),
    right: () => ['ops', 'sync', 'team'],
    says: /^Nothing new, here or on "team"\.\n$/,
    json: { remote: 'team', dry_run: false, pushed: [], fetched: [], skipped: [] },
    wrong: ['ops', 'sync', '--all'],
  },
  'ops restore': {
    right: () => ['ops', 'restore', '--all'],
    says: /^No record is missing\.\n$/,
    json: { restored: [], left: [] },
    wrong: ['ops', 'restore'],
  },
  'ops validate': {
    right: (id) => ['ops', 'validate', `kitty-ops/${id}.jsonl`],
    says: /^valid .*\n1 valid, 0 invalid\n$/,
    json: { valid: 1, invalid: 0 },
    wrong: ['ops', 'validate', '--strict'],
  },
  'ops schema': {
    right: () => ['ops', 'schema'],
    says: /^\{\n/,
    json: { title: expect.any(String) },
    wrong: ['ops', 'schema', 'x'],
  },
  'ops reindex': {
    right: () => ['ops', 'reindex'],
    says: /^No closed Op is here, so the index has no rows\.\n$/,
    json: { rows: 0 },
    wrong: ['ops', 'reindex', '--all'],
  },
  'doctor ops': {
    right: () => ['doctor', 'ops'],
    says: /^info .*\nHealthy\.\n$/s,
    json: { healthy: true },
    wrong: ['doctor', 'ops', '--threshold', 'x'],
  },
}

/** Hooks that an agent runs report no wrong usage: see hooks/hooks.test.ts and upstream/pass-on.test.ts. */
const HOOKS = ['session-start', 'session-stop', ...HOOK_EVENTS.map((event) => `hooks ${event}`)]

const TOLD = [...REGISTRY.keys()].filter((name) => !HOOKS.includes(name))

describe.each(TOLD)('spec-kitty %s, built, as a process', (name) => {
  const {
    prepare,
    right,
    status = 0,
    says,
    json,
    wrong,
    failsAsThere = false,
  } = CASES[name] ?? { right: () => [], says: /^$/, json: {}, wrong: [] }
  let repository: Repository
  let variables: Readonly<Record<string, string>>

  beforeAll(async () => {
    repository = await newRepository()
    variables = { PATH: await pathWithProgram() }
  })

  it('prints its result for people', async () => {
    const made = await newRepository()
    const { path } = made
    await prepare?.(made)
    const run = await runBuilt(path, right(await openIn(path)), { variables })
    expect(run).toEqual({ status, stdout: expect.stringMatching(says), stderr: '' })
  })

  it('prints the same for programs', async () => {
    const made = await newRepository()
    const { path } = made
    await prepare?.(made)
    const run = await runBuilt(path, [...right(await openIn(path)), '--json'], { variables })
    expect({ ...run, stdout: '' }).toEqual({ status, stdout: '', stderr: '' })
    expect(JSON.parse(run.stdout)).toMatchObject(json)
    holdToSchema(right(''), JSON.parse(run.stdout))
  })

  it('prints an error, in two lines or in JSON', async () => {
    const run = await runBuilt(repository.path, wrong)
    expect(run).toEqual({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/^spec-kitty: .+\n {2}.+\n$/),
    })
    const inJson = await runBuilt(repository.path, [...wrong, '--json'])
    if (failsAsThere) {
      expect(inJson).toMatchObject({ status: 2, stdout: '' })
      expect(JSON.parse(inJson.stderr)).toMatchObject({ error: expect.stringMatching(/_failed$/) })
      return
    }
    expect(inJson).toMatchObject({ status: 2, stderr: '' })
    expect(JSON.parse(inJson.stdout)).toEqual({
      error: {
        code: expect.stringMatching(/^[A-Z_]+$/),
        message: expect.any(String),
        hint: expect.any(String),
      },
    })
  })
})

describe('the built program', () => {
  it('says once that there is no git', async () => {
    const { path } = await newRepository()
    const { stderr } = await runBuilt(path, ['ops', 'why', 'README.md'], {
      variables: { PATH: path },
    })
    expect(stderr).toMatch(/^spec-kitty: git is not on the PATH\.\n {2}Install git .*\n$/)
  })

  it('is listed by oclif in the same way', async () => {
    const program = `
      import { Config } from '@oclif/core/config'
      const { commands } = await Config.load(process.cwd())
      console.log(commands.map(({ id, summary }) => id + ' ' + summary).join('\\n'))`
    const argv = ['--input-type=module', '-e', program]
    const { stdout } = await execa(process.execPath, argv, { cwd: PACKAGE })
    const ours = [...REGISTRY].map(
      ([name, { summary }]) => `${name.replaceAll(' ', ':')} ${summary}`,
    )
    expect(stdout.split('\n').toSorted()).toEqual(ours.toSorted())
  })

  it('can be embedded by another oclif command line', async () => {
    const { path } = await newRepository()
    const program = `
      import { Config } from '@oclif/core/config'
      const config = await Config.load(process.cwd())
      process.chdir(process.argv[1])
      await config.runCommand('ops:show', ['7ZZ', '--json'])`
    const argv = ['--input-type=module', '-e', program, path]
    const run = await execa(process.execPath, argv, { cwd: PACKAGE, reject: false })
    expect(run.exitCode).toBe(1)
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'OP_NOT_FOUND' } })
  })

  it('runs a command under an Op with its own streams', async () => {
    const { path } = await newRepository()
    const program =
      'process.stdin.pipe(process.stdout); process.stdin.on("end", () => { process.exitCode = 9 })'
    const argv = ['do', 'x', '--', process.execPath, '-e', program]
    const run = await runBuilt(path, argv, { input: 'through and through' })
    expect(run).toMatchObject({ status: 9, stdout: 'through and through' })
    expect(run.stderr).toMatch(/^spec-kitty: \w{26} failed after /)
  })

  it.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'hands %s on, closes the Op and ends with the status of the command',
    async (signal) => {
      const { path } = await newRepository()
      const [file, bin] = builtProgram()
      const program = 'console.log("ready"); setInterval(() => {}, 1000)'
      const argv = [bin, 'do', 'x', '--', process.execPath, '-e', program]
      const child = spawn(file, argv, { cwd: path, env: plainVariables(), stdio: 'pipe' })
      const stderr = text(child.stderr)
      await once(child.stdout, 'data')
      child.kill(signal)
      const [status] = await once(child, 'close')
      expect(status).toBe({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal])
      expect(await stderr).toMatch(/ abandoned after .*, committed as /)
    },
  )

  it('does not fail if a reader stops reading', async () => {
    const { path } = await newRepository()
    const [file, bin] = builtProgram()
    const child = spawn(file, [bin, 'ops', 'schema'], { cwd: path, env: plainVariables() })
    child.stdout.destroy()
    const stderr = text(child.stderr)
    const [status] = await once(child, 'close')
    expect({ status, stderr: await stderr }).toEqual({ status: 0, stderr: '' })
  })

  it.skipIf(!existsSync('/dev/full'))(
    'prints one line if its output could not be written',
    async () => {
      const { path } = await newRepository()
      const [file, bin] = builtProgram()
      const full = openSync('/dev/full', 'w')
      const child = spawn(file, [bin, 'ops', 'list', '--json'], {
        cwd: path,
        env: plainVariables(),
        stdio: ['ignore', full, 'pipe'],
      })
      closeSync(full)
      const stderr = child.stderr === null ? '' : text(child.stderr)
      const [status] = await once(child, 'close')
      expect(status).toBe(1)
      expect(await stderr).toMatch(
        /^spec-kitty: The output could not be written: ENOSPC.*\n {2}Only the output is lost.*\n$/,
      )
    },
  )

  it('leaves an Op open that names its opener, if it is killed', async () => {
    const { path } = await newRepository()
    const [file, bin] = builtProgram()
    const program = 'console.log("ready"); setTimeout(() => {}, 500)'
    const argv = [bin, 'do', 'x', '--', process.execPath, '-e', program]
    const child = spawn(file, argv, { cwd: path, env: plainVariables() })
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'close')
    await sleep(700)
    const { stdout } = await runBuilt(path, ['doctor', 'ops', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ findings: [{ id: 'open-op' }] })
  })
})
