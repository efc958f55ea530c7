import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { newRepository, type Repository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { builtProgram } from '../support/built.js'
import { plainVariables, type Run } from '../support/in-process.js'

const isRoot = process.getuid?.() === 0

/** A command of the system that runs another one, with its arguments. */
type Prefix = readonly string[]

const works = ([file = '', ...args]: Prefix): boolean =>
  spawnSync(file, [...args, 'true']).status === 0

const runUnder = async (prefix: Prefix, cwd: string, argv: Prefix): Promise<Run> => {
  const [file = '', ...args] = [...prefix, ...builtProgram(), ...argv]
  const env = { ...plainVariables(), HOME: await tempFolder() }
  const { exitCode, stdout, stderr } = await execa(file, args, {
    cwd,
    env,
    extendEnv: false,
    reject: false,
  })
  return { status: exitCode ?? -1, stdout, stderr }
}

const DO = ['do', 'x', '--json', '--', process.execPath, '-e']

type Sandbox = {
  readonly main: Repository
  /** Runs the program with a read-only git directory, and then without. */
  readonly inside: (cwd: string, argv: Prefix) => Promise<Run>
  readonly outside: (cwd: string, argv: Prefix) => Promise<Run>
}

const MOUNTED: Prefix = ['unshare', '--mount']

/** A read-only mount of the git directory. */
const mounted = async (main: Repository): Promise<Sandbox> => {
  const readOnly = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
  const prefix = [...MOUNTED, 'sh', '-c', readOnly, join(main.path, '.git')]
  const [inside, outside] = [prefix, []].map(
    (before) => (cwd: string, argv: Prefix) => runUnder(before, cwd, argv),
  )
  if (inside === undefined || outside === undefined) throw new Error('unreachable')
  return { main, inside, outside }
}

const USER = '65534'
const ORDINARY: Prefix = isRoot ? ['setpriv', '--reuid', USER, '--clear-groups'] : ['env']

/** A git directory without the permission to write. */
const forbidden = async (main: Repository): Promise<Sandbox> => {
  const top = join(main.path, '..')
  const outside = async (cwd: string, argv: Prefix) => {
    if (isRoot) await execa('chown', ['-R', USER, main.path, cwd])
    if (isRoot) await execa('chmod', ['a+rx', top, join(cwd, '..')])
    return runUnder(ORDINARY, cwd, argv)
  }
  const inside = async (cwd: string, argv: Prefix) => {
    const gitDir = join(main.path, '.git')
    await execa('chmod', ['-R', 'a-w', gitDir])
    try {
      return await outside(cwd, argv)
    } finally {
      await execa('chmod', ['-R', 'u+w', gitDir])
    }
  }
  return { main, inside, outside }
}

const kinds = [
  { name: 'a read-only mount', make: mounted, skip: !(isRoot && works(MOUNTED)) },
  { name: 'no permission to write', make: forbidden, skip: !works(ORDINARY) },
]

// Skipped on systems without these commands, and the mount without the right to mount.
describe.each(kinds.filter(({ skip }) => !skip))('with $name for the git directory', ({ make }) => {
  it.each(['main', 'linked'])('a command runs under an Op, in the %s work tree', async (where) => {
    const { main, inside, outside } = await make(await newRepository())
    const path = where === 'main' ? main.path : join(main.path, 'linked')
    if (where === 'linked') await main.git('worktree', 'add', '--quiet', '-b', 'other', path)
    const run = await inside(path, [...DO, 'require("node:fs").writeFileSync("ran", "")'])
    expect(run.status).toBe(0)
    expect(await repositoryAt(path).read('ran')).toBe('')
    const json = JSON.parse(run.stdout)
    expect(json).toMatchObject({
      state: 'in-work-tree',
      outcome: 'done',
      commit: { status: 'deferred', reason: 'git-read-only' },
    })
    expect(run.stderr).toContain('Until then, only this work tree has the Op')
    const opened = JSON.parse((await inside(path, ['do', 'y', '--json'])).stdout)
    const close = ['ops', 'complete', opened.invocation_id, '--outcome', 'done']
    expect((await inside(path, close)).status).toBe(0)
    const next = JSON.parse((await outside(path, [...DO, '0'])).stdout)
    expect(next).toMatchObject({ commit: { status: 'committed' } })
    expect(next).not.toHaveProperty('state')
    const [git = '', ...log] = ['git', '-c', `safe.directory=${path}`, 'log', '--format=%s']
    const ordinary = isRoot && make === forbidden ? ORDINARY : []
    const [file = '', ...args] = [...ordinary, git, ...log]
    const { stdout } = await execa(file, args, { cwd: path, env: { HOME: main.path } })
    for (const id of [json, opened, next].map(({ invocation_id }) => invocation_id.slice(0, 8))) {
      expect(stdout.split('\n')).toContain(`op(generic): do [${id}]`)
    }
  })
})
