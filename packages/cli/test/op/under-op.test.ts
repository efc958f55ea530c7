import { EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WritableStream } from 'node:stream/web'
import { newOpId } from '@kitty/record'
import { newRepository, type Repository } from '@kitty/test-kit'
import { describe, expect, it, vi } from 'vitest'
import { processIo } from '../../src/command/io.js'
import { runCommand } from '../../src/op/run-command.js'
import { captureSignals } from '../../src/op/signals.js'
import { jsonIn, runIn } from '../support/in-process.js'
import { ledgerTip } from '../support/ledger.js'

const node = (program: string): string[] => [process.execPath, '-e', program]

const around = (command: readonly string[], ...flags: string[]): string[] => [
  'do',
  'Run it',
  ...flags,
  '--',
  ...command,
]

const onlyRecord = async (repository: Repository): Promise<unknown[]> => {
  const [path = ''] = await repository.log('%(trailers:key=Op-Id,valueonly)')
  return (await repository.read(`kitty-ops/${path}.jsonl`))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

describe('a command under an Op', () => {
  it('keeps its output and its exit status, which closes its Op', async () => {
    const repository = await newRepository()
    const program = "console.log('out'); console.error('err')"
    const { status, stdout, stderr } = await runIn(repository.path, around(node(program)))
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'out\n' })
    const sha = (await repository.head()).slice(0, 10)
    expect(stderr).toMatch(
      new RegExp(`^err\nspec-kitty: \\w{26} done after [0-9.]+ m?s, committed as ${sha}\n$`),
    )
    expect(await onlyRecord(repository)).toMatchObject([
      { event: 'started', request_text: 'Run it', mode_of_work: 'task_execution' },
      { event: 'completed', outcome: 'done', closed_by: 'agent' },
    ])
  })

  it('has its output on standard error with --json', async () => {
    const repository = await newRepository()
    const argv = around(node("console.log('out'); process.exit(3)"))
    const { status, json, stderr } = await jsonIn(repository.path, argv)
    expect(status).toBe(3)
    expect(json).toEqual({
      invocation_id: expect.stringMatching(/^\w{26}$/),
      status: 'closed',
      profile_id: 'generic',
      action: 'do',
      path: expect.stringMatching(/^kitty-ops\//),
      governance_context_hash: '',
      governance_context_available: false,
      result: 'success',
      outcome: 'failed',
      closed_by: 'agent',
      commit: {
        status: 'committed',
        sha: await repository.head(),
        ledger: { status: 'committed', sha: await ledgerTip(repository) },
      },
      command: { exit_status: 3 },
    })
    expect(stderr).toMatch(/^out\n/)
  })

  it('keeps its own flags and dashes', async () => {
    const { path } = await newRepository()
    const command = [...node('console.log(process.argv.slice(1).join())'), '--', '--json', '--help']
    expect((await runIn(path, around(command))).stdout).toBe('--json,--help\n')
  })

  it.skipIf(process.platform === 'win32')('is abandoned if a signal ends it', async () => {
    const { path } = await newRepository()
    const command = node("process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)")
    const { status, json } = await jsonIn(path, around(command))
    expect({ status, json }).toMatchObject({
      status: 143,
      json: { outcome: 'abandoned', command: { exit_status: 143, signal: 'SIGTERM' } },
    })
  })

  it.skipIf(process.platform === 'win32')('gets a signal, and is abandoned by it', async () => {
    const { path } = await newRepository()
    const signals = new EventEmitter()
    const program = "process.on('SIGINT', () => process.exit(0)); setInterval(() => {}, 1000)"
    const running = jsonIn(path, around(node(program)), { signals })
    const tell = setInterval(() => signals.emit('SIGINT', 'SIGINT'), 200)
    const { status, json } = await running.finally(() => clearInterval(tell))
    expect(json).toMatchObject({ outcome: 'abandoned' })
    expect([0, 130]).toContain(status)
    expect(signals.listenerCount('SIGINT')).toBe(0)
  })

  /** A program that creates `ready`, then exits with 9 on SIGINT, or with `exit` when `go` exists. */
  const listener = (exit: number) => `
    const { existsSync, writeFileSync } = require('node:fs')
    process.on('SIGINT', () => process.exit(9))
    setInterval(() => existsSync('go') && process.exit(${exit}), 20)
    writeFileSync('ready', '')`

  const atTerminal = async (exit: number) => {
    const { path } = await newRepository()
    const signals = new EventEmitter()
    const running = runIn(path, around(node(listener(exit))), { signals, terminal: true })
    await vi.waitUntil(() => existsSync(join(path, 'ready')), { timeout: 10_000 })
    const type = () => signals.emit('SIGINT', 'SIGINT')
    return { running, type, go: () => writeFile(join(path, 'go'), '') }
  }

  it.each([
    [5, 'abandoned'],
    [0, 'done'],
  ])(
    'gets the Ctrl-C of a terminal from there alone: exit status %d then is %s',
    async (exit, outcome) => {
      const { running, type, go } = await atTerminal(exit)
      type()
      await go()
      const { status, stderr } = await running
      expect(status).toBe(exit)
      expect(stderr).toContain(` ${outcome} after `)
    },
  )

  it.skipIf(process.platform === 'win32')('gets a signal that is sent again', async () => {
    const { running, type } = await atTerminal(5)
    type()
    type()
    const { status, stderr } = await running
    expect(status).toBe(9)
    expect(stderr).toContain(' abandoned after ')
  })

  it('is abandoned even if its end is seen before the Ctrl-C that ended it', async () => {
    const emitter = new EventEmitter()
    // Started when the command has ended. It fires before any later and longer timer.
    const late = () => void setTimeout(() => emitter.emit('SIGINT', 'SIGINT'), 5)
    const io = {
      ...processIo(),
      signals: emitter,
      stdin: { isTTY: true, read: async () => Buffer.alloc(0) },
      inheritedStdio: { stdin: 'ignore', stdout: new WritableStream({ close: late }), stderr: 2 },
    } as const
    const signals = captureSignals(io)
    const ended = await runCommand(node('process.exit(5)'), signals, {
      io,
      opId: newOpId(),
      quiet: false,
    })
    expect(ended).toEqual({ outcome: 'abandoned', exitStatus: 5 })
  })

  it('fails as in a shell if it cannot be started', async () => {
    const { path } = await newRepository()
    const { status, stderr } = await runIn(path, around(['no-such-command-here']))
    expect(status).toBe(127)
    expect(stderr).toContain('"no-such-command-here" could not be started: command not found.')
    expect(stderr).toContain(' failed after ')
  })

  it.skipIf(process.platform === 'win32')(
    'fails as in a shell if it is not executable',
    async () => {
      const { path } = await newRepository()
      const file = join(path, 'plain.txt')
      await writeFile(file, 'x')
      await chmod(file, 0o644)
      expect(await runIn(path, around([file]))).toMatchObject({
        status: 126,
        stderr: expect.stringContaining('it is not executable'),
      })
    },
  )

  it('can close its Op itself', async () => {
    const repository = await newRepository()
    const program = `
      const { readdirSync, appendFileSync } = require('node:fs')
      const name = readdirSync('kitty-ops').find((file) => file.length === 32)
      const invocation_id = name.slice(0, 26)
      const completed_at = new Date().toISOString()
      const event = { event: 'completed', invocation_id, completed_at, outcome: 'failed', closed_by: 'agent' }
      appendFileSync('kitty-ops/' + name, JSON.stringify(event) + '\\n')`
    const { status, json, stderr } = await jsonIn(repository.path, around(node(program)))
    expect({ status, json }).toMatchObject({
      status: 0,
      json: { outcome: 'failed', commit: { status: 'committed' } },
    })
    expect(stderr).toContain('was already closed')
  })

  it('keeps its exit status if its Op cannot be closed', async () => {
    const repository = await newRepository()
    const program = `
      const { readdirSync, writeFileSync } = require('node:fs')
      const name = readdirSync('kitty-ops').find((file) => file.length === 32)
      writeFileSync('kitty-ops/' + name, 'no json\\n')
      process.exit(Number(process.env.STATUS))`
    const run = (STATUS: string) =>
      jsonIn(repository.path, around(node(program)), { variables: { STATUS } })
    const damaged = { json: { error: { code: 'RECORD_DAMAGED' } } }
    expect(await run('4')).toMatchObject({ status: 4, ...damaged })
  })

  it('fails if a commit is required and there is none', async () => {
    const repository = await newRepository()
    await repository.git('checkout', '--quiet', '--detach')
    const statusOf = async (program: string) =>
      (await runIn(repository.path, around(node(program), '--require-commit'))).status
    expect(await statusOf('0')).toBe(1)
    expect(await statusOf('process.exit(7)')).toBe(7)
  })

  it('also runs under a question', async () => {
    const { path } = await newRepository()
    const { json } = await jsonIn(path, ['ask', 'What time is it?', '--', ...node('0')])
    expect(json).toMatchObject({ action: 'ask', outcome: 'done' })
  })
})
