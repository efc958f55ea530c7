import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { shellWord } from '@kitty/writer/internals'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { plainVariables, type Run } from '../support/in-process.js'
import { pathOfModule } from '../support/printed-commands.js'

const READER = fileURLToPath(
  new URL('../../../../examples/embedded-commands/dist/reader.js', import.meta.url),
)

/** Runs the example: a command line with a name of its own, which embeds the commands of this package. */
const reader = async (cwd: string, ...argv: readonly string[]): Promise<Run> => {
  if (!existsSync(READER)) throw new Error('Build first: npm run build')
  const { exitCode, stdout, stderr } = await execa(process.execPath, [READER, ...argv], {
    cwd,
    env: plainVariables(),
    extendEnv: false,
    input: '',
    reject: false,
  })
  return { status: exitCode ?? -1, stdout, stderr }
}

const opened = async (cwd: string, ...argv: readonly string[]) => {
  const { stdout } = await reader(cwd, 'do', 'Read it', '--json', ...argv)
  const { invocation_id, close_contract } = JSON.parse(stdout)
  return { id: String(invocation_id), close: String(close_contract.command) }
}

describe('a command line that embeds the commands', () => {
  it('is named by each printed command', async () => {
    const { path } = await newRepository()
    const { id, close } = await opened(path)
    expect(close).toBe(`reader ops complete ${id}`)
    const runs = [
      await reader(path, 'ops', 'show', id),
      await reader(path, 'hooks', 'session-start'),
      await reader(path, 'ops', 'list', '--profile', 'none'),
      await reader(path, 'ops', 'show', '7ZZ'),
      await reader(path, 'ops', 'complete', '--outcome', 'done'),
      await reader(path, 'ops', 'restore'),
      await reader(path, 'do', 'x', '--link-commits'),
      await reader(path, 'ops', 'list', '--stauts'),
    ]
    const text = runs.map(({ stdout, stderr }) => `${stdout}\n${stderr}`).join('\n')
    expect(text).not.toMatch(/spec-kitty (?:ops|do|doctor|hooks|--)/)
    for (const printed of [
      `Close it: reader ops complete ${id} --outcome done`,
      'reader ops complete ID --outcome done',
      'List all: reader ops list',
      'List the Ops: reader ops list',
      'reader ops restore --all',
      'as in: reader do "Run the tests" -- npm test',
      'reader: Unknown flag --stauts',
      'See: reader ops list --help',
    ]) {
      expect(text).toContain(printed)
    }
    expect((await reader(path, 'ops', 'show', '7ZZ')).status).toBe(1)
    expect((await reader(path, 'ops', 'list', '--stauts')).status).toBe(2)
  })

  it('is named by the hooks and the completion that it installs', async () => {
    const { path } = await newRepository()
    await reader(path, 'hooks', 'install', 'claude-code')
    const settings = await readFile(join(path, '.claude', 'settings.json'), 'utf8')
    expect(settings).toContain('"reader hooks session-end --agent claude-code || exit 0"')
    expect(settings).not.toContain('spec-kitty')
    await reader(path, 'hooks', 'remove', 'claude-code')
    expect(await readdir(path)).not.toContain('.claude')
    const { stdout } = await reader(path, 'completion', 'bash')
    expect(stdout).toContain('complete -o default -F _reader reader')
  })

  it.skipIf(process.platform === 'win32')('prints commands that work when pasted', async () => {
    const { path } = await newRepository()
    const elsewhere = await tempFolder()
    const env = { ...plainVariables(), PATH: await pathOfModule('reader', READER) }
    const paste = (command: string, cwd: string) =>
      execa('sh', ['-c', command], { cwd, env, extendEnv: false })
    const here = await opened(path)
    await paste(`${here.close} --outcome done`, path)
    const there = await opened(elsewhere, '--root', path)
    expect(there.close).toBe(`reader ops complete ${there.id} --root ${shellWord(path)}`)
    await paste(`${there.close} --outcome failed`, elsewhere)
    const { stdout } = await reader(path, 'ops', 'list')
    expect(stdout).toMatch(new RegExp(`${there.id} +failed[^]*${here.id} +done`))
  })
})
