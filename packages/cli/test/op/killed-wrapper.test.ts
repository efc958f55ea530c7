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

// Elsewhere no process sees the variables of another.
it.skipIf(process.platform !== 'linux')(
  'a command that outlives spec-kitty keeps its Op open, until it ends',
  async () => {
    const { path } = await newRepository()
    const [file, program] = builtProgram()
    const argv = [program, 'do', 'Long', '--', process.execPath, '-e', WAITING]
    const wrapper = spawn(file, argv, { cwd: path, env: plainVariables(), stdio: 'pipe' })
    const [line] = await once(wrapper.stdout, 'data')
    const [id, pid] = String(line).trim().split(' ')
    wrapper.kill('SIGKILL')
    await once(wrapper, 'exit')
    const during = await jsonIn(path, SWEEP)
    expect(during.json).toMatchObject({
      swept: 0,
      skipped_running: 1,
      open_ops: [{ invocation_id: id, action_taken: 'none' }],
      findings: [{ message: expect.stringContaining('but its command is still running') }],
    })
    process.kill(Number(pid), 'SIGKILL')
    await once(wrapper.stdout, 'close')
    const after = await jsonIn(path, SWEEP)
    expect(after.json).toMatchObject({ swept: 1, open_ops: [{ action_taken: 'closed_abandoned' }] })
  },
)
