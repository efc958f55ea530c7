import { spawnSync } from 'node:child_process'
import { newRepository } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import { runIn } from '../support/in-process.js'
import { pathOfProgram } from '../support/printed-commands.js'

const isHere = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0
const SHELLS = process.platform === 'win32' ? [] : ['sh', 'bash', 'zsh', 'fish']

// The text after a command lists the other outcomes. A user can paste it by mistake.
it.for(SHELLS)(
  'the whole line of "Close it", pasted into %s, closes nothing',
  async (shell, { skip }) => {
    skip(!isHere(shell), `${shell} is not here.`)
    const { path, head } = await newRepository()
    const { stdout } = await runIn(path, ['do', 'x'])
    const [, line = ''] = /^Close it {2}(.*)$/m.exec(stdout) ?? []
    expect(line).toMatch(/^spec-kitty ops complete \w{26} --outcome done +\[or /)
    const before = await head()
    const env = { ...process.env, PATH: await pathOfProgram('all') }
    expect(spawnSync(shell, ['-c', line], { cwd: path, env }).status).not.toBe(0)
    expect(await head()).toBe(before)
    expect((await runIn(path, ['ops', 'list', '--status', 'open'])).stdout).toContain(' open ')
    const meant = line.replace(/ +\[.*/, '')
    expect(spawnSync(shell, ['-c', meant], { cwd: path, env }).status).toBe(0)
    expect(await head()).not.toBe(before)
  },
)
