import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { parse } from 'yaml'

const file = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const [, workflow = ''] = /```yaml\n(.*?)```/s.exec(readFileSync(file('docs/ci.md'), 'utf8')) ?? []

const { bin } = JSON.parse(readFileSync(file('packages/cli/package.json'), 'utf8'))

type Step = { readonly run?: string; readonly with?: Readonly<Record<string, unknown>> }

it('the workflow in the guide fetches the whole history, and has no write permission', () => {
  const { permissions, jobs } = parse(workflow)
  expect(permissions).toEqual({ contents: 'read' })
  const steps: readonly Step[] = jobs.verify.steps
  expect(steps[0]?.with).toEqual({ 'fetch-depth': 0 })
})

it('the commands and flags in the guide exist, and no command contains a workflow expression', () => {
  const steps: readonly Step[] = parse(workflow).jobs.verify.steps
  const commands = steps.flatMap(({ run }) => run ?? [])
  expect(commands).toHaveLength(2)
  for (const command of commands) {
    expect(command).not.toContain('${{')
    // The package has several programs, so that npx must be told which one.
    const [, program = '', line = ''] =
      /^npx --yes --package @kitty\/cli (\S+) (.*)$/.exec(command) ?? []
    expect(Object.keys(bin)).toContain(program)
    const words = line.split(' ')
    const flags = words.filter((word) => word.startsWith('--'))
    const help = spawnSync(
      process.execPath,
      [file('packages/cli/bin/run.js'), ...words.slice(0, 2), '--help'],
      { encoding: 'utf8' },
    )
    expect(help.status).toBe(0)
    for (const flag of flags) expect(help.stdout).toContain(flag)
  }
})
