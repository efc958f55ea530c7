// Runs the commands of docs/uninstall.md, word for word, in a repository that has used everything.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { newRepository, type Repository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { execa } from 'execa'
import { expect, it } from 'vitest'
import { openIn, plainVariables, runIn } from '../support/in-process.js'
import { ledgerRef } from '../support/ledger.js'
import { pathWithBuiltProgram } from '../support/on-path.js'

const GUIDE = fileURLToPath(new URL('../../../../docs/uninstall.md', import.meta.url))
const AGENTS = ['claude-code', 'codex', 'copilot', 'gemini', 'cursor', 'opencode']
const DONE = ['--outcome', 'done']

/** Records, their commits, and what moves with a commit. */
const RECORDS =
  /^(?:kitty-ops|\.kittify\/evidence)\/|^\.git\/(?:worktrees\/[^/]+\/)?(?:index$|logs\/(?:HEAD$|refs\/heads\/)|refs\/heads\/)|^(?:\.git\/)?objects\//

/** Every file below a folder except those of records, by path: its mode, and the hash of its bytes. */
const filesIn = (top: string): ReadonlyMap<string, string> => {
  const paths = readdirSync(top, { recursive: true, encoding: 'utf8' })
  const files = paths.flatMap((name) => {
    const path = relative('.', name).split(sep).join('/')
    const info = statSync(join(top, name))
    if (info.isDirectory() || RECORDS.test(path)) return []
    const hash = createHash('sha256')
      .update(readFileSync(join(top, name)))
      .digest('hex')
    return [[path, `${info.mode.toString(8)} ${hash}`] as const]
  })
  return new Map(files.toSorted())
}

/** The commands of the guide, without those of step 5, which is about the program itself. */
const commands = (): readonly string[] => {
  const [guide = ''] = readFileSync(GUIDE, 'utf8').split('## 5.')
  return [...guide.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, text = '']) =>
    text.split('\n').filter((line) => line !== ''),
  )
}

const closeIn = async (path: string, more: readonly string[] = []): Promise<void> => {
  const { status, stderr } = await runIn(path, [
    ...['ops', 'complete', await openIn(path), ...DONE, ...more],
  ])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
}

/** Uses the repository and a second work tree of it, and pushes the ledger. */
const useEverything = async (first: Repository, second: string): Promise<void> => {
  for (const path of [first.path, second]) {
    for (const agent of AGENTS) await runIn(path, ['hooks', 'install', agent, '--instructions'])
    await closeIn(path)
    await runIn(path, ['do', 'x', '--', process.execPath, '-e', '0'])
  }
  await runIn(first.path, ['hooks', 'install', 'codex', '--user', '--instructions'])
  await closeIn(first.path, ['--evidence', 'CLAUDE.md'])
  await runIn(first.path, ['ops', 'archive', '--older-than', '0'])
  await runIn(first.path, ['ops', 'report', '--output', join(await tempFolder(), 'report.html')])
  await runIn(first.path, ['doctor', 'ops', '--fix'])
  const ref = await ledgerRef(first)
  await first.git('push', '--quiet', 'origin', ref)
  await first.git('update-ref', `refs/kitty/remotes/origin/${ref.slice(-26)}`, ref)
}

it('afterwards the repository is what it was, byte for byte, records apart', async () => {
  const first = await newRepository({
    files: { 'CLAUDE.md': '# Ours\n', '.gemini/settings.json': '{ "theme": "dark" }' },
  })
  const server = repositoryAt(await tempFolder())
  await server.git('init', '--quiet', '--bare')
  await first.git('remote', 'add', 'origin', server.path)
  await first.git('push', '--quiet', 'origin', 'work')
  const second = join(await tempFolder(), 'second')
  await first.git('worktree', 'add', '--quiet', second, '-b', 'second')
  await first.write('.git/info/exclude', '# mine\n*.log\n')
  const before = [filesIn(first.path), filesIn(second), filesIn(server.path)]
  const staged = () => first.git('ls-files', '--stage', ':!kitty-ops', ':!.kittify')
  const stagedBefore = await staged()
  const home = plainVariables().HOME ?? ''

  await useEverything(first, second)
  const ref = await ledgerRef(first)
  expect(filesIn(first.path)).not.toEqual(before[0])

  const env = { ...plainVariables(), PATH: await pathWithBuiltProgram() }
  const options = { cwd: first.path, env, extendEnv: false, shell: true }
  const ran = commands()
  expect(ran).toHaveLength(5)
  for (const command of ran)
    await execa(command.replace('REF', ref).replace('AGENT', 'codex'), options)

  expect([filesIn(first.path), filesIn(second), filesIn(server.path)]).toEqual(before)
  expect(existsSync(join(home, '.codex'))).toBe(false)
  expect(await staged()).toBe(stagedBefore)
  expect(await first.statusPorcelain()).toEqual([])
  expect(await repositoryAt(second).statusPorcelain()).toEqual([])
  expect((await runIn(first.path, ['ops', 'verify'])).status).toBe(0)
})
