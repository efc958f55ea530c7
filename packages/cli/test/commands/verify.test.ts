import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { shellWord } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { jsonIn, openIn, plainVariables, runIn } from '../support/in-process.js'
import { findingCommandsIn } from '../support/printed-commands.js'

/** A project below the top of a repository, with an Op that was closed, and then changed and committed. */
const withChanged = async () => {
  const repository = await newRepository()
  const folder = "it's a project"
  await repository.write(`${folder}/.kittify/x`, '')
  const root = join(repository.path, folder)
  const id = await openIn(root)
  await runIn(root, ['ops', 'complete', id, '--outcome', 'done'])
  const path = `${folder}/kitty-ops/${id}.jsonl`
  const closed = await repository.read(path)
  await repository.write(path, closed.replace('"done"', '"failed"'))
  await repository.commit('Better so')
  return { repository, root, id, path, closed }
}

/** Runs a command in a shell, with an editor that writes a message. */
const run = (command: string, cwd: string): void => {
  const env = { ...plainVariables(), GIT_EDITOR: 'echo Restored >' }
  const { status, stderr } = spawnSync('sh', ['-c', command], { cwd, env, encoding: 'utf8' })
  expect({ command, status, stderr }).toMatchObject({ command, status: 0 })
}

const verify = (cwd: string, root: string) => jsonIn(cwd, ['ops', 'verify', '--root', root])

const commits = async ({ git }: Repository): Promise<string> => git('rev-list', '--count', 'HEAD')

describe.skipIf(process.platform === 'win32')('ops verify', () => {
  it('has commands that restore a changed record, from any folder', async () => {
    const { repository, root, id, path, closed } = await withChanged()
    await repository.write('mine.txt', 'mine')
    await repository.git('add', 'mine.txt')
    const before = Number(await commits(repository))
    const elsewhere = await tempFolder()
    const { status, json } = await verify(elsewhere, root)
    expect(status).toBe(1)
    expect(json).toMatchObject({
      ok: false,
      violations: [{ id: 'changed-after-close', invocation_id: id, path, fixable: false }],
    })
    const commands = findingCommandsIn(json)
    expect(commands.every((each) => each.startsWith(`git -C ${shellWord(root)} `))).toBe(true)
    for (const command of commands) run(command, elsewhere)
    expect(await repository.read(path)).toBe(closed)
    expect(Number(await commits(repository))).toBe(before + 1)
    expect(await repository.git('diff', '--cached', '--name-only')).toBe('mine.txt')
    expect(await verify(elsewhere, root)).toMatchObject({ status: 0, json: { ok: true } })
  })

  it('has no steps in its JSON, and the commands last', async () => {
    const { root } = await withChanged()
    const { json } = await verify(root, root)
    const { violations } = Object(json)
    const fields = ['id', 'severity', 'invocation_id', 'path', 'message', 'fixable', 'commands']
    expect(Object.keys(violations[0])).toEqual(fields)
  })

  it('says to people what is wrong, where, and what to do, a line each', async () => {
    const { root, path } = await withChanged()
    const options = { terminal: true, columns: 60 }
    const { stdout } = await runIn(root, ['ops', 'verify', '--no-color'], options)
    expect(stdout.split('\n')).toEqual([
      'violation  The record was changed after it was closed; a',
      '           closed record must not change.',
      '           [changed-after-close]',
      `           ${path}`,
      expect.stringMatching(/^ {11}Next: git diff \w{10} \w{10}$/),
      expect.stringMatching(/^ {17}git update-index --cacheinfo /),
      expect.stringMatching(/^ {17}git checkout -- kitty-ops/),
      expect.stringMatching(/^ {17}git commit -- kitty-ops/),
      '1 violation. 1 record and 2 commits checked.',
      '',
    ])
  })
})
