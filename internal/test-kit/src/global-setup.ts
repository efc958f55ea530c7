import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const NAMES = process.platform === 'win32' ? ['TEMP', 'TMP'] : ['TMPDIR']
const PREFIX = 'kitty-run-'

/**
 * Makes a temporary folder for a test run. Returns a function that removes it, because a worker that is killed removes
 * nothing. Returns `undefined` if another project of the same run has already made it.
 */
export const setup = (): (() => void) | undefined => {
  if (tmpdir().includes(PREFIX)) return undefined
  const folder = realpathSync(mkdtempSync(join(tmpdir(), PREFIX)))
  // Some tests run as another user.
  chmodSync(folder, 0o755)
  for (const name of NAMES) process.env[name] = folder
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
