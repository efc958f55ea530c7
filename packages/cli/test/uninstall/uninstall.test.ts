import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { newRepository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { builtProgram } from '../support/built.js'
import { jsonIn, openIn, plainVariables, runIn } from '../support/in-process.js'
import { ledgerRef } from '../support/ledger.js'

const DONE = ['--outcome', 'done']

describe('uninstall', () => {
  it('refuses while an Op is open in any work tree, and removes nothing', async () => {
    const { path, git } = await newRepository()
    const second = join(await tempFolder(), 'second')
    await git('worktree', 'add', '--quiet', second, '-b', 'second')
    const id = await openIn(second)
    const { status, stderr } = await runIn(path, ['uninstall'])
    expect(status).toBe(1)
    expect(stderr).toContain('Nothing was removed: 1 Op is open or not committed.')
    expect(stderr).toContain('To uninstall anyway: spec-kitty uninstall --force')
    expect((await runIn(second, ['ops', 'complete', id, ...DONE])).status).toBe(0)
    expect((await runIn(path, ['uninstall'])).status).toBe(0)
  })

  it('refuses while only the ledger has a record, until it is restored or --force says so', async () => {
    const repository = await newRepository()
    const { path, git } = repository
    await runIn(path, ['ops', 'complete', await openIn(path), ...DONE])
    await git('switch', '--quiet', '--create', 'gone')
    const id = await openIn(path)
    await runIn(path, ['ops', 'complete', id, ...DONE])
    await git('switch', '--quiet', 'work')
    expect((await jsonIn(path, ['uninstall', '--dry-run'])).json).toMatchObject({
      only_in_ledger: [],
    })
    await git('branch', '--quiet', '-D', 'gone')
    const ref = await ledgerRef(repository)
    const dry = await jsonIn(path, ['uninstall', '--dry-run'])
    expect(dry).toMatchObject({ status: 0, json: { only_in_ledger: [id], refs: [ref] } })
    expect((await runIn(path, ['uninstall'])).stderr).toContain('only the ledger has 1 Op')
    expect(await ledgerRef(repository)).toBe(ref)
    await runIn(path, ['ops', 'restore', id])
    expect((await jsonIn(path, ['uninstall', '--dry-run'])).json).toMatchObject({
      only_in_ledger: [],
    })
    await repository.git('clean', '--quiet', '-fd')
    const { stdout } = await runIn(path, ['uninstall', '--force'])
    expect(stdout).toContain(`Removed the ref ${ref}.`)
    expect(await git('for-each-ref', 'refs/kitty')).toBe('')
    expect((await runIn(path, ['uninstall'])).stdout).toBe('There is nothing to remove.\n')
  })

  it('shows with --dry-run what would go, and changes nothing', async () => {
    const { path, read } = await newRepository()
    await runIn(path, ['hooks', 'install', 'claude-code', '--instructions'])
    await openIn(path)
    const exclude = await read('.git/info/exclude')
    const { stdout } = await runIn(path, ['uninstall', '--dry-run'])
    expect(stdout).toContain('Still needed: 1 Op is open or not committed.\n')
    expect(stdout).toContain('Would remove 1 exclude line.\n')
    expect(stdout).toContain(join(path, '.claude', 'settings.json'))
    expect(await read('.git/info/exclude')).toBe(exclude)
    expect(existsSync(join(path, '.claude', 'settings.json'))).toBe(true)
  })

  it('removes nothing of a newer version', async () => {
    const { path, write } = await newRepository()
    await openIn(path)
    await write('.git/kitty/format', '99\n')
    const { status, stderr } = await runIn(path, ['uninstall', '--force'])
    expect(status).toBe(1)
    expect(stderr).toContain('newer version')
    expect(existsSync(join(path, '.git', 'kitty'))).toBe(true)
  })

  it('removes hooks that run the program under its other name', async () => {
    const { path, read, statusPorcelain } = await newRepository()
    const [node, program] = builtProgram()
    const other = join(dirname(program), 'kitty-ops.js')
    const install = ['hooks', 'install', 'codex', '--instructions']
    await execa(node, [other, ...install], { cwd: path, env: plainVariables(), extendEnv: false })
    expect(await read('.codex/hooks.json')).toContain('kitty-ops hooks')
    expect((await runIn(path, ['uninstall'])).stdout).toContain('.codex')
    expect(await statusPorcelain()).toEqual([])
  })

  it('works outside git, and in another store of the repository', async () => {
    const folder = await tempFolder()
    await openIn(folder)
    const { stdout } = await runIn(folder, ['uninstall', '--force'])
    expect(stdout).toContain(join(folder, '.kittify', 'state'))
    expect(stdout).toContain('Uninstalled, although 1 Op is open or not committed.\n')
    expect(existsSync(join(folder, '.kittify'))).toBe(false)

    await runIn(folder, ['ops', 'complete', await openIn(folder), ...DONE])
    await runIn(folder, ['ops', 'reindex'])
    const index = join(folder, 'kitty-ops', 'ops-index.jsonl')
    expect((await jsonIn(folder, ['uninstall', '--dry-run'])).json).toMatchObject({
      indexes: [index],
      unsettled: [],
    })
    expect((await runIn(folder, ['uninstall'])).stdout).toContain(`Removed the index ${index}.\n`)
    expect(existsSync(index)).toBe(false)

    const { path, git, write } = await newRepository()
    await write('below/.kittify/config.yaml', '')
    const below = join(path, 'below')
    await runIn(below, ['hooks', 'install', 'codex'])
    await runIn(below, ['ops', 'complete', await openIn(below), ...DONE])
    await runIn(path, ['uninstall'])
    expect(existsSync(join(below, '.codex'))).toBe(false)
    expect(await repositoryAt(path).statusPorcelain()).toEqual(['?? below/.kittify/config.yaml'])
    expect(await git('for-each-ref', 'refs/kitty')).toBe('')
  })
})
