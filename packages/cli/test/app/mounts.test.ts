import { spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { devNull } from 'node:os'
import { join } from 'node:path'
import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { builtProgram } from '../support/built.js'
import { plainVariables } from '../support/in-process.js'

const tracing = (calls: string, error: string): readonly string[] => [
  ...['-f', '-qq', '-o', devNull, '-e', `trace=${calls}`, '-e', `inject=${calls}:error=${error}`],
]

const works = spawnSync('strace', [...tracing('link', 'EPERM'), 'true']).status === 0

/** Runs the program, and git under it, on a file system that refuses these system calls. */
const runRefusing = async ({ path }: Repository, calls: string, error: string) => {
  const program = [...builtProgram(), 'do', 'x', '--json', '--', 'true']
  const { stdout } = await execa('strace', [...tracing(calls, error), ...program], {
    cwd: path,
    env: { ...plainVariables() },
    extendEnv: false,
    reject: false,
  })
  return JSON.parse(stdout)
}

const LINKS = 'link,linkat'
const SYNC = 'fsync,fdatasync'

// Without strace, or where it may not trace, no mount can be made that refuses a call.
describe.skipIf(!works)('on a mount that refuses', () => {
  it.each([
    ['hard links', LINKS, 'EPERM'],
    ['hard links, as Android does', LINKS, 'EACCES'],
    ['hard links, as joined file systems do', LINKS, 'EXDEV'],
    ['to sync files', SYNC, 'EINVAL'],
    ['to sync files, as network mounts do', SYNC, 'EOPNOTSUPP'],
    ['to sync files, as mounts of user programs do', SYNC, 'ENOSYS'],
    ['to change times', 'utime,utimes,utimensat', 'EPERM'],
  ])('%s: the Op is committed', async (_, calls, error) => {
    const repository = await newRepository()
    const ran = await runRefusing(repository, calls, error)
    expect(ran).toMatchObject({ outcome: 'done', commit: { status: 'committed' } })
    expect(await repository.git('status', '--porcelain')).toBe('')
  })

  it('modes, in a shared repository: the Op is committed', async () => {
    const repository = await newRepository()
    await repository.git('config', 'core.sharedRepository', 'group')
    const ran = await runRefusing(repository, 'chmod,fchmod,fchmodat', 'EPERM')
    expect(ran).toMatchObject({ outcome: 'done', commit: { status: 'committed' } })
  })

  it('to sync because the disk fails: nothing is claimed', async () => {
    const repository = await newRepository()
    const ran = await runRefusing(repository, SYNC, 'EIO')
    expect(ran).toMatchObject({ error: { code: 'WRITE_FAILED' } })
  })
})

/** What runs a script whose mounts end with it. */
const MOUNTING = ['unshare', '--mount', 'sh', '-c'] as const

/** Runs a program with one file mounted over another. */
const over = (file: string, target: string): readonly string[] => [
  ...[...MOUNTING, 'mount --bind "$0" "$1" && shift && exec "$@"', file, target],
]

const mayMount = (): boolean => {
  const [file, ...args] = MOUNTING
  return spawnSync(file, [...args, 'mount --bind /tmp /tmp']).status === 0
}

// Only root, and not in every container, may mount.
describe.skipIf(!mayMount())('a file that is mounted on its own, as in a container', () => {
  it('is written where it is, since nothing can take its place', async () => {
    const { path } = await newRepository({ files: { '.claude/settings.json': '{}\n' } })
    const real = join(await tempFolder(), 'settings.json')
    await writeFile(real, '{ "mine": true }\n')
    const prefix = over(real, join(path, '.claude', 'settings.json'))
    const run = async (what: string) => {
      const [file = '', ...args] = [...prefix, ...builtProgram(), 'hooks', what, 'claude-code']
      const env = { ...plainVariables(), HOME: await tempFolder() }
      return execa(file, args, { cwd: path, env, extendEnv: false })
    }
    await run('install')
    expect(JSON.parse(await readFile(real, 'utf8'))).toMatchObject({
      mine: true,
      hooks: expect.anything(),
    })
    await run('remove')
    expect(JSON.parse(await readFile(real, 'utf8'))).toEqual({ mine: true })
  })
})
