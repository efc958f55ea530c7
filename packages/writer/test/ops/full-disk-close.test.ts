import { spawnSync } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { startProgram, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'

// A file system of 64 kB that only the program sees.
const SMALL = 'mount -t tmpfs -o size=64k tmpfs "$1" && cd / && shift && exec "$@"'

const under = (folder: string) => ['unshare', '-rm', 'sh', '-c', SMALL, 'sh', folder]

const isPossible = (): boolean => {
  const [command = '', ...args] = under('/mnt')
  return spawnSync(command, [...args, 'true']).status === 0
}

describe.skipIf(!isPossible())('a close on a full disk', () => {
  it('leaves the Op open and its record whole, and succeeds once there is space again', async () => {
    const folder = await tempFolder()
    const root = join(folder, 'small')
    await mkdir(root)
    const program = new URL('../support/programs/full-disk.ts', import.meta.url)
    const child = startProgram(program, [root, join(folder, 'git')], { under: under(root) })
    const { stdout, stderr } = await child.ended
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual({
      code: 'DISK_FULL',
      locked: 'DISK_FULL',
      left: [],
      unchanged: true,
      pending: 0,
      after: { status: 'closed', problems: 0 },
    })
  })
})
