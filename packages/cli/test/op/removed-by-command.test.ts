import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { jsonIn, runIn } from '../support/in-process.js'

const linkedTo = async (main: Repository): Promise<string> => {
  const path = join(await tempFolder(), 'linked')
  await main.git('worktree', 'add', '--quiet', '-b', 'agent', path)
  return path
}

const listed = async (main: Repository) => {
  const { json } = await jsonIn(main.path, ['ops', 'list', '--all'])
  return json
}

// Windows does not remove a folder in which a process is.
describe.skipIf(process.platform === 'win32')('a command that takes its work tree away', () => {
  it('by removing it: the Op is closed with its outcome, in the ledger', async () => {
    const main = await newRepository()
    const linked = await linkedTo(main)
    const remove = ['git', '-C', main.path, 'worktree', 'remove', '--force', linked]
    const { status, json } = await jsonIn(linked, ['do', 'Tidy up', '--', ...remove])
    expect({ status, json }).toMatchObject({
      status: 0,
      json: { outcome: 'done', work_tree: { status: 'gone' }, commit: { status: 'committed' } },
    })
    expect(existsSync(linked)).toBe(false)
    expect(await listed(main)).toMatchObject({ ops: [{ outcome: 'done', in: ['ledger'] }] })
    expect((await runIn(main.path, ['doctor', 'ops'])).status).toBe(0)
  })

  it('and fails: the outcome and the exit status are those of the command', async () => {
    const main = await newRepository()
    const linked = await linkedTo(main)
    const script = 'git -C "$0" worktree remove --force "$1"; exit 7'
    const argv = ['do', 'x', '--', 'sh', '-c', script, main.path, linked]
    expect(await jsonIn(linked, argv)).toMatchObject({ status: 7, json: { outcome: 'failed' } })
  })

  it('by moving it: the Op is closed where the work tree is now', async () => {
    const main = await newRepository()
    const linked = await linkedTo(main)
    const moved = join(linked, '..', 'moved')
    const move = ['git', '-C', main.path, 'worktree', 'move', linked, moved]
    const { json } = await jsonIn(linked, ['do', 'Move', '--', ...move])
    expect(json).toMatchObject({
      outcome: 'done',
      work_tree: { path: moved, status: 'present' },
      commit: { status: 'committed' },
    })
    expect(await main.git('log', '--format=%s', '-1', 'agent')).toMatch(/^op\(generic\): do/)
  })

  it.each([
    ['removes', ['rm', '-rf']],
    ['moves', ['sh', '-c', 'mv "$0" "$0-moved"']],
  ])(
    'of a repository with no other, which it %s: the Op stays open, and is named',
    async (_, argv) => {
      const main = await newRepository()
      const { status, stderr } = await runIn(main.path, ['do', 'x', '--', ...argv, main.path])
      expect(status).toBe(1)
      expect(stderr).toMatch(
        /^spec-kitty: The command has ended \(done\), but its Op \w{26} could not be closed: /,
      )
    },
  )
})
