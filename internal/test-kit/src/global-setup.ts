import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const TEMP = process.platform === 'win32' ? ['TEMP', 'TMP'] : ['TMPDIR']

/**
 * Gives a test run a temporary folder of its own, and removes it afterwards: a worker that is ended
 * removes nothing.
 */
export const setup = (): (() => void) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kitty-run-')))
  // Some tests act as another user.
  chmodSync(folder, 0o755)
  const before = TEMP.map((name) => [name, process.env[name]] as const)
  for (const name of TEMP) process.env[name] = folder
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
