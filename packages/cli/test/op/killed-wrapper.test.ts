import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { newRepository } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import { builtProgram } from '../support/built.js'
import { jsonIn, plainVariables } from '../support/in-process.js'

const SWEEP = ['doctor', 'ops', '--close-stale', '--threshold', '0']

/** Prints the id of its Op and its process id, and runs until it is killed. */
const WAITING = `
process.stdout.write(process.env.SPEC_KITTY_OP + ' ' + process.pid + '\\n')
setInterval(() => {}, 1000)
`

/** The same, after starting a daemon, whose process id is printed last. */
const LEAVING_A_DAEMON = `
const { spawn } = require('node:child_process')
const daemon = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' })
daemon.unref()
process.stdout.write(process.env.SPEC_KITTY_OP + ' ' + process.pid + ' ' + daemon.pid + '\\n')
setInterval(() => {}, 1000)
`

/** Starts a command under an Op and kills the program that runs it. Returns the words that the command prints. */
const killedWrapper = async (path: string, script: string) => {
  const [file, program] = builtProgram()
  const argv = [program, 'do', 'Long', '--', process.execPath, '-e', script]
  const wrapper = spawn(file, argv, { cwd: path, env: plainVariables(), stdio: 'pipe' })
  const [line] = await once(wrapper.stdout, 'data')
  wrapper.kill('SIGKILL')
  await once(wrapper, 'exit')
  const kill = async (pid: string | undefined) => {
    process.kill(Number(pid), 'SIGKILL')
    await once(wrapper.stdout, 'close')
  }
  return { words: String(line).trim().split(' '), kill }
}

// Elsewhere no process sees the variables of another.
it.skipIf(process.platform !== 'linux')(
  'a command that outlives spec-kitty keeps its Op open, until it ends',
  async () => {
    const { path } = await newRepository()
    const { words, kill } = await killedWrapper(path, WAITING)
    const [id, pid] = words
    const during = await jsonIn(path, SWEEP)
    expect(during.json).toMatchObject({
      swept: 0,
      skipped_running: 1,
      open_ops: [{ invocation_id: id, action_taken: 'none' }],
      findings: [{ message: expect.stringContaining('but its command is still running') }],
    })
    // Nor can anyone close it without naming it, and the end of a session does not mark it as left.
    const closed = await jsonIn(path, ['ops', 'complete', '--outcome', 'failed'], {
      variables: { CLAUDECODE: '1' },
    })
    expect(closed.json).toMatchObject({ candidates: [{ held_by: 'running' }] })
    await kill(pid)
    const after = await jsonIn(path, SWEEP)
    expect(after.json).toMatchObject({ swept: 1, open_ops: [{ action_taken: 'closed_abandoned' }] })
  },
)

// Elsewhere no process sees the variables of another.
it.skipIf(process.platform !== 'linux')(
  'a daemon that the command has left behind does not keep its Op open',
  async () => {
    const { path } = await newRepository()
    const { words, kill } = await killedWrapper(path, LEAVING_A_DAEMON)
    const [, pid, daemon] = words
    try {
      expect((await jsonIn(path, SWEEP)).json).toMatchObject({ swept: 0, skipped_running: 1 })
      await kill(pid)
      expect((await jsonIn(path, SWEEP)).json).toMatchObject({ swept: 1, skipped_running: 0 })
    } finally {
      process.kill(Number(daemon), 'SIGKILL')
    }
  },
)
