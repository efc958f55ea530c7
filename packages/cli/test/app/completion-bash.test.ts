import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newRepository } from '@kitty/test-kit'
import { startShell, type Shell } from '../support/shell.js'
import { pathOfProgram } from '../support/printed-commands.js'
import { plainVariables, openIn } from '../support/in-process.js'
let shell: Shell
beforeAll(async () => {
  const { path, write } = await newRepository()
  await write('some file.md', 'x'); await write('sub dir/a.txt', 'x')
  const id = await openIn(path)
  const env = { ...plainVariables(), PATH: await pathOfProgram('all'), HOME: path }
  const name = (process.env.SH ?? 'bash') as 'bash'
  shell = await startShell(name, { cwd: path, env })
  console.log(await shell.run(process.env.BC ? `source ${process.env.BC}` : ':'))
  console.log(await shell.run(`eval "$(spec-kitty completion ${name})"`))
}, 60000)
it('x', async () => {
  const cases = (process.env.CASES ?? '').split('\n')
  for (const c of cases) {
    const [l = '', r = ''] = c.split('|')
    const t = await shell.tab(l, r)
    console.log(JSON.stringify(c), '→', JSON.stringify(t.line + '|' + t.right), '\n' + t.shown.slice(0, 900))
  }
}, 60000)
