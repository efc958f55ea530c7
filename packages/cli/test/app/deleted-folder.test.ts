import { mkdirSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { execa } from 'execa'
import { beforeAll, describe, expect, it } from 'vitest'
import { builtProgram } from '../support/built.js'
import { plainVariables, type Run, runIn } from '../support/in-process.js'

/** Runs the program in a folder that is deleted before it starts. */
const runDeleted = async (argv: readonly string[]): Promise<Run> => {
  const cwd = await tempFolder()
  const script = 'rmdir "$PWD" && exec "$@"'
  const { exitCode, stdout, stderr } = await execa(
    'sh',
    ['-c', script, 'sh', ...builtProgram(), ...argv],
    { cwd, env: { ...plainVariables() }, extendEnv: false, reject: false },
  )
  return { status: exitCode ?? -1, stdout, stderr }
}

// Windows does not delete a folder in which a process is.
describe.skipIf(process.platform === 'win32')('in a folder that was deleted', () => {
  let repository: Repository

  beforeAll(async () => {
    repository = await newRepository()
    await runIn(repository.path, ['do', 'x', '--', process.execPath, '-e', '0'])
  })

  it.each([
    [['--version'], /^@kitty\/cli/],
    [['--help'], /^The spec-kitty command/],
    [['ops', 'schema'], /"\$schema"/],
  ])('%j needs no folder', async (argv, says) => {
    const run = await runDeleted(argv)
    expect(run).toMatchObject({ status: 0, stderr: '' })
    expect(run.stdout).toMatch(says)
  })

  it.each([
    ['ops', 'list'],
    ['ops', 'verify'],
    ['doctor', 'ops'],
    ['do', 'y'],
  ])('%s %s works in a named project', async (...words) => {
    const run = await runDeleted([...words, '--root', repository.path])
    expect(run).toMatchObject({ status: 0, stderr: '' })
  })

  it.each([
    [['ops', 'list'], 1],
    [['do', 'x'], 1],
    [['ops', 'list', '--root', 'relative'], 1],
    [['doctor', 'ops'], 2],
  ])('%j says so', async (argv, status) => {
    const run = await runDeleted(argv)
    expect(run).toMatchObject({ status, stdout: '' })
    expect(run.stderr).toMatch(/^spec-kitty: The current folder was deleted\.\n {2}Change to a /)
  })

  it('an Op is not opened for a command that could not start there', async () => {
    const before = await runIn(repository.path, ['ops', 'list', '--json'])
    const run = await runDeleted(['do', 'x', '--root', repository.path, '--', 'true'])
    // Another root would not help.
    expect(run.stderr).toContain('the command runs in the current one')
    expect(run.stderr).not.toContain('--root')
    expect(run).toMatchObject({ status: 1 })
    expect(run.stderr).toContain('The current folder was deleted.')
    expect(await runIn(repository.path, ['ops', 'list', '--json'])).toEqual(before)
  })
})

// Only Linux has names of any bytes.
it.skipIf(process.platform !== 'linux')(
  'a path that is not UTF-8 is not called deleted',
  async () => {
    const cwd = Buffer.concat([Buffer.from(`${await tempFolder()}/bad`), Buffer.from([0xff])])
    mkdirSync(cwd)
    const script = 'cd "$(printf "%s/bad\\377" "$0")" && exec "$@"'
    const top = cwd.subarray(0, -'/bad?'.length).toString()
    const argv = ['-c', script, top, ...builtProgram(), 'ops', 'list']
    const { stderr } = await execa('sh', argv, { env: { ...plainVariables() }, reject: false })
    expect(stderr).toMatch(/^spec-kitty: The path of the current folder is not UTF-8: /)
  },
)

// Root may look into every folder.
it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
  'a folder that may not be looked into is not called missing',
  async () => {
    const top = await tempFolder()
    await mkdir(join(top, 'closed', 'inner'), { recursive: true })
    await chmod(join(top, 'closed'), 0)
    const run = await runIn(top, ['ops', 'list', '--root', join(top, 'closed', 'inner')])
    await chmod(join(top, 'closed'), 0o755)
    expect(run).toMatchObject({ status: 1 })
    expect(run.stderr).toMatch(/^spec-kitty: No permission to look into /)
  },
)

it('a root that is a file is said to be one', async () => {
  const top = await tempFolder()
  await writeFile(join(top, 'file'), '')
  const { stderr } = await runIn(top, ['ops', 'list', '--root', 'file'])
  expect(stderr).toMatch(/^spec-kitty: .*file is not a folder\.\n/)
})
