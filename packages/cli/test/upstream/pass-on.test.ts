import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { tempFolder } from '@kitty/test-kit'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { PACKAGE_ROOT } from '../../src/package-info.js'
import { findOtherProgram } from '../../src/upstream/other-program.js'
import { builtProgram } from '../support/built.js'
import { plainVariables, runIn } from '../support/in-process.js'
import { pathWithBuiltProgram } from '../support/on-path.js'
import { otherProgram } from '../support/other-program.js'

const ECHO =
  "process.stdout.write(JSON.stringify(argv)); process.stderr.write('noted\\n'); process.exitCode = 7"

describe('a command that we do not have', () => {
  it.each([
    [['next', '--agent', 'claude']],
    [['agent', 'tasks', 'status', '--help']],
    [['doctor', 'mission-state', '--fix']],
    [['sync', 'now']],
    [['config', '--show-origin']],
    // A batch file of Windows, which the program is there, does not keep a quote.
    [['profiles', 'list', '-p', 'a b', ...(process.platform === 'win32' ? [] : ['', '"\\*'])]],
  ])('%j is passed on as it is', async (argv) => {
    const { path } = await otherProgram(ECHO)
    const run = await runIn(await tempFolder(), argv, { variables: { PATH: path } })
    expect(run).toEqual({ status: 7, stdout: JSON.stringify(argv), stderr: 'noted\n' })
  })

  it.each([
    [['ops', 'lst'], 'Did you mean "ops list"?'],
    [['opslist'], 'Did you mean "ops list"?'],
    [['doctr', 'ops'], 'Did you mean "doctor ops"?'],
    [['doo', 'something'], 'Did you mean "do"?'],
    [['dispach', 'Fix it'], 'Did you mean "dispatch"?'],
    [['ops', 'undo'], 'See: spec-kitty ops --help'],
    [['invocations', 'lits'], 'Did you mean "invocations list"?'],
  ])('%j is a mistake of ours, and stays here', async (argv, hint) => {
    const { path } = await otherProgram(ECHO)
    const run = await runIn(await tempFolder(), argv, { variables: { PATH: path } })
    expect(run).toMatchObject({ status: 2, stdout: '' })
    expect(run.stderr).toContain(hint)
  })

  it('without another one is an error that says so', async () => {
    const folder = await tempFolder()
    for (const PATH of [folder, await pathWithBuiltProgram()]) {
      const run = await runIn(folder, ['next'], { variables: { PATH } })
      expect(run).toMatchObject({ status: 2, stdout: '' })
      expect(run.stderr).toContain('There is no other "spec-kitty" on the PATH to pass it on to.')
    }
  })

  it('is not passed round in a circle, and reaches the program behind one that calls us', async () => {
    const [node, bin] = builtProgram()
    const circle = `const { spawnSync } = await import('node:child_process')
      process.exitCode = spawnSync(${JSON.stringify(node)}, [${JSON.stringify(bin)}, ...argv], { stdio: 'inherit' }).status`
    const { path } = await otherProgram(circle)
    const lost = await runIn(await tempFolder(), ['next'], { variables: { PATH: path } })
    expect(lost).toMatchObject({ status: 2, stdout: '' })
    const behind = await otherProgram(ECHO)
    const both = `${path.split(delimiter)[0]}${delimiter}${behind.path}`
    const found = await runIn(await tempFolder(), ['next'], { variables: { PATH: both } })
    expect(found).toMatchObject({ status: 7, stdout: '["next"]' })
  }, 30_000)

  it('reports a program that cannot be started', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, 'spec-kitty'), '#!/no/such/interpreter\n', { mode: 0o755 })
    await writeFile(join(folder, 'spec-kitty.exe'), 'no program', { mode: 0o755 })
    const run = await runIn(folder, ['next'], { variables: { PATH: folder } })
    expect(run.status).not.toBe(0)
    expect(run.stderr).toContain('could not be started')
  })
})

describe('the search for another program', () => {
  const search = (PATH: string, tried: readonly string[] = []) =>
    findOtherProgram({ variables: { ...plainVariables(), PATH, Path: undefined }, cwd: '/' }, tried)

  it('leaves out ours, however it is installed, and folders, and what cannot be run', async () => {
    const [here, linked, script] = [await tempFolder(), await tempFolder(), await tempFolder()]
    await mkdir(join(here, 'spec-kitty'))
    await symlink(join(PACKAGE_ROOT, 'bin', 'run.js'), join(linked, 'spec-kitty'))
    const shim = '#!/bin/sh\nexec node "$basedir/../@kitty/cli/bin/run.js" "$@"\n'
    await writeFile(join(script, 'spec-kitty'), shim, { mode: 0o755 })
    await writeFile(join(script, 'spec-kitty.cmd'), shim.replaceAll('/', '\\'), { mode: 0o755 })
    const { program, path } = await otherProgram('')
    const ours = [here, linked, script].join(delimiter)
    expect(search(`${ours}${delimiter}${delimiter}${path}`)).toBe(program)
    expect(search(ours)).toBeUndefined()
    expect(search(path, [program])).toBeUndefined()
  })
})

describe('a program that a command was passed on to', () => {
  const isPosix = process.platform !== 'win32'

  const started = async (script: string) => {
    const { path } = await otherProgram(script)
    const [node, bin] = builtProgram()
    const variables = { ...plainVariables(), PATH: path }
    const child = spawn(node, [bin, 'next'], { env: variables, stdio: ['pipe', 'pipe', 'inherit'] })
    return { child, ended: once(child, 'close') }
  }

  it('has our standard input', async () => {
    const { child, ended } = await started('process.stdin.pipe(process.stdout)')
    const parts: string[] = []
    child.stdout.on('data', (part: Buffer) => parts.push(part.toString()))
    child.stdin.end('from the shell')
    expect(await ended).toEqual([0, null])
    expect(parts.join('')).toBe('from the shell')
  })

  // Windows has no signals.
  it.runIf(isPosix)('gets our signals, and what ends it ends us', async () => {
    const script = "console.log('ready'); setInterval(() => undefined, 1_000)"
    const { child, ended } = await started(script)
    await once(child.stdout, 'data')
    child.kill('SIGTERM')
    expect(await ended).toEqual([null, 'SIGTERM'])
  })

  it.runIf(isPosix)('decides itself what a signal does', async () => {
    const script =
      "process.on('SIGINT', () => process.exit(9)); console.log('ready'); setInterval(() => undefined, 1_000)"
    const { child, ended } = await started(script)
    await once(child.stdout, 'data')
    child.kill('SIGINT')
    expect(await ended).toEqual([9, null])
  })
})

describe('kitty-ops', () => {
  it.each(['kitty-ops.js', 'link'])('as %s is our command, and prints itself', async (name) => {
    const folder = await tempFolder()
    const file = join(PACKAGE_ROOT, 'bin', 'kitty-ops.js')
    const link = join(await tempFolder(), 'kitty-ops')
    if (name === 'link') await symlink(file, link)
    const program = name === 'link' ? link : file
    const run = async (...argv: readonly string[]) =>
      execa(process.execPath, [program, ...argv], {
        cwd: folder,
        env: { ...plainVariables() },
        extendEnv: false,
        reject: false,
      })
    expect((await run('--help')).stdout).toContain('$ kitty-ops COMMAND')
    expect((await run('do', 'Fix it')).stdout).toContain('Close it  kitty-ops ops complete')
    expect((await run('ops', 'lst')).stderr).toContain('kitty-ops: Unknown command')
  })
})

describe('the hooks of the Python spec-kitty', () => {
  const ANSWER =
    'process.stdin.on("data", (text) => process.stdout.write(argv + ": " + text)); process.exitCode = 2'

  it.each(['session-start', 'session-stop'])('%s always exits with 0', async (name) => {
    const folder = await tempFolder()
    const silent = { variables: { PATH: folder } }
    expect(await runIn(folder, [name], silent)).toEqual({ status: 0, stdout: '', stderr: '' })
    for (const argv of [
      [name, '--no-such-flag'],
      [name, 'x', 'y'],
      [name, '--json'],
    ]) {
      expect((await runIn(folder, argv, { ...silent, stdin: 'not json' })).status).toBe(0)
    }
    const { path } = await otherProgram(ANSWER)
    const both = await runIn(folder, [name], { variables: { PATH: path }, stdin: '{"a": 1}' })
    expect(both).toEqual({ status: 0, stdout: `${name}: {"a": 1}`, stderr: '' })
  })
})
