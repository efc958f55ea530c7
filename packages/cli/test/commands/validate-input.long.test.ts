import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tempFolder } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import { builtProgram } from '../support/built.js'
import { plainVariables } from '../support/in-process.js'

/** Runs the built program with standard input open, and returns how it ends. */
const withOpenInput = async (argv: readonly string[], input = '') => {
  const [file, program] = builtProgram()
  const cwd = await tempFolder()
  const child = spawn(file, [program, ...argv], { cwd, env: plainVariables(), stdio: 'pipe' })
  child.stdin.write(input)
  const words: string[] = []
  child.stderr.on('data', (part) => words.push(String(part)))
  const ended = once(child, 'close')
  return { child, ended, text: () => words.join('') }
}

it('without FILE, standard input that is open and sends nothing is not waited for', async () => {
  const { child, ended, text } = await withOpenInput(['ops', 'validate'])
  expect(await ended).toEqual([2, null])
  expect(text()).toContain('Name a FILE')
  child.stdin.destroy()
})

it('once it sends something, or if it was named, it is read to its end', async () => {
  const sent = await withOpenInput(['ops', 'validate'], '{}\n')
  const named = await withOpenInput(['ops', 'validate', '-'])
  await new Promise((resolve) => setTimeout(resolve, 6_000))
  for (const { child, ended } of [sent, named]) {
    expect(child.exitCode).toBe(null)
    child.stdin.end()
    expect(await ended).toEqual([1, null])
  }
})
