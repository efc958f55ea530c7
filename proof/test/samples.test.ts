import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const { SCENARIOS }: { readonly SCENARIOS: readonly string[] } = await import(
  new URL('../lib/scenarios.mjs', import.meta.url).href
)

const RUN = fileURLToPath(new URL('../run.mjs', import.meta.url))

/** Runs a proof. Returns the last line that it prints, and all of its output if it fails. */
const prove = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', RUN, ...args], {
    encoding: 'utf8',
  })
  const last = stdout.trimEnd().split('\n').at(-1) ?? ''
  return { status, last, trouble: status === 0 ? '' : stdout + stderr }
}

const canTrace = process.platform === 'linux' && spawnSync('strace', ['-V']).status === 0
const isTracingRequired = process.platform === 'linux' && process.env.CI !== undefined

describe.skipIf(!canTrace && !isTracingRequired)('a sample of faults holds (needs strace)', () => {
  const everyFaultHeld = /^(\d+) faults tried, \1 held/

  it.each(SCENARIOS)('%s', (scenario) => {
    const { status, last, trouble } = prove('crash', '--only', scenario, '--any', '--sample', '6')
    expect(trouble).toBe('')
    expect([status, last]).toEqual([0, expect.stringMatching(everyFaultHeld)])
  })
})

it('agents that live in work trees, sandboxes and three clones lose no Op', () => {
  const { status, last, trouble } = prove(
    'agents',
    '--agents',
    '1',
    '--seconds',
    '8',
    '--seed',
    '1',
  )
  expect(trouble).toBe('')
  expect([status, last]).toEqual([0, expect.stringMatching(/, 0 failures$/)])
})

it('a sample of mutants of each parser ends without a failure', () => {
  const { status, last, trouble } = prove('fuzz', '--count', '200', '--seed', '1')
  expect(trouble).toBe('')
  expect([status, last]).toEqual([0, expect.stringMatching(/^hook-programs: .* 0 failures/)])
})

it('an unknown proof is refused', () => {
  expect(prove('nothing')).toMatchObject({ status: 2 })
})
