import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const FOLDER = fileURLToPath(new URL('..', import.meta.url))

it.skipIf(process.platform === 'win32').for(['main', 'linked', 'below'])(
  'the build before the state outlived work trees and this one work in turns: %s',
  { timeout: 600_000 },
  (world, { skip }) => {
    const args = ['run.mjs', 'turns', '--seed', '7', '--steps', '30', '--world', world]
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: FOLDER,
      encoding: 'utf8',
    })
    // A shallow clone does not have that commit.
    if (stdout.startsWith('Nothing was tried')) skip(stdout)
    if (stderr.includes('Could not set up')) skip('The earlier build cannot be installed here.')
    expect(stderr + stdout).toContain(': 0 failures')
    expect(status).toBe(0)
  },
)
