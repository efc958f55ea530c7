import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { describe, expect, test } from 'vitest'

const module = new URL('../run.mjs', import.meta.url).href

/** Returns the arguments of a Node that runs `code` through run(), and exits with its exit status. */
const running = (code: string, options: object) => [
  '--input-type=module',
  '--eval',
  `import { run } from ${JSON.stringify(module)}
  const args = ['-e', ${JSON.stringify(code)}]
  process.exitCode = await run(process.execPath, args, ${JSON.stringify(options)})`,
]

const ran = (code: string, options: object = {}) => {
  const args = running(code, options)
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return { status, stdout, stderr }
}

describe('run()', () => {
  test('returns the exit status', () => {
    expect(ran('process.exit(7)')).toEqual({ status: 7, stdout: '', stderr: '' })
  })

  test('shows the output', () => {
    expect(ran("process.stdout.write('seen')")).toEqual({ status: 0, stdout: 'seen', stderr: '' })
  })

  test('shows nothing if it is quiet and the program succeeds', () => {
    const { status, stdout, stderr } = ran("process.stdout.write('kept')", { quiet: true })
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  test('shows everything if it is quiet and the program fails', () => {
    const { status, stderr } = ran("process.stdout.write('why'); process.exitCode = 1", {
      quiet: true,
    })
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'why' })
  })

  test('runs in the given folder', () => {
    const cwd = process.platform === 'win32' ? 'C:\\' : '/'
    expect(ran('process.stdout.write(process.cwd())', { cwd }).stdout).toBe(cwd)
  })

  // Windows has no signals.
  test.skipIf(process.platform === 'win32')(
    'returns a failure if a signal ends the program',
    () => {
      const { status } = ran("process.kill(process.pid, 'SIGKILL')")
      expect(status).toBe(128 + constants.signals.SIGKILL)
    },
  )

  test.skipIf(process.platform === 'win32')(
    'forwards SIGTERM, and waits for the program to end',
    async () => {
      const code = `process.on('SIGTERM', () => process.exit(3))
    process.stdout.write('ready'); setInterval(() => {}, 1000)`
      const child = spawn(process.execPath, running(code, {}), {
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      await once(child.stdout, 'data')
      child.kill('SIGTERM')
      expect(await once(child, 'close')).toEqual([3, null])
    },
  )
})
