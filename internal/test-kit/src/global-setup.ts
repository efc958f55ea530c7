import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const NAMES = process.platform === 'win32' ? ['TEMP', 'TMP'] : ['TMPDIR']
const PREFIX = 'kitty-run-'

/**
 * Gives a test run a temporary folder of its own, and removes it afterwards: a worker that is ended
 * removes nothing. Each project of a run asks for it, and the first one gets it for all.
 */
export const setup = (): (() => void) | undefined => {
  if (tmpdir().includes(PREFIX)) return undefined
  const folder = realpathSync(mkdtempSync(join(tmpdir(), PREFIX)))
  // Some tests act as another user.
  chmodSync(folder, 0o755)
  for (const name of NAMES) process.env[name] = folder
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
