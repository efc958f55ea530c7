import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { describe, expect, test } from 'vitest'

const module = new URL('../run.mjs', import.meta.url).href

/** A program that runs another one as the scripts do, and ends with its exit status. */
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

describe('running a program', () => {
  test('its exit status is passed on', () => {
    expect(ran('process.exit(7)')).toEqual({ status: 7, stdout: '', stderr: '' })
  })

  test('what it prints is shown', () => {
    expect(ran("process.stdout.write('seen')")).toEqual({ status: 0, stdout: 'seen', stderr: '' })
  })

  test('quietly: nothing is shown when all is well', () => {
    const { status, stdout, stderr } = ran("process.stdout.write('kept')", { quiet: true })
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  test('quietly: everything is shown when it fails', () => {
    const { status, stderr } = ran("process.stdout.write('why'); process.exitCode = 1", {
      quiet: true,
    })
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'why' })
  })

  test('it runs where it is told to', () => {
    const cwd = process.platform === 'win32' ? 'C:\\' : '/'
    expect(ran('process.stdout.write(process.cwd())', { cwd }).stdout).toBe(cwd)
  })

  // Windows has no signals: there a program that is ended just ends.
  test.skipIf(process.platform === 'win32')('a program that dies of a signal has failed', () => {
    const { status } = ran("process.kill(process.pid, 'SIGKILL')")
    expect(status).toBe(128 + constants.signals.SIGKILL)
  })

  test.skipIf(process.platform === 'win32')(
    'a polite end is passed on, and waited for',
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
