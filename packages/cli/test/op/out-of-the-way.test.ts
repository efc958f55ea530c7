import { join } from 'node:path'
import { configureRepository, newRepository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import { jsonIn, openIn } from '../support/in-process.js'

/** The check of a release tool: it refuses a work tree with changes or untracked files. */
const CLEAN = `
  const { execFileSync } = require('node:child_process')
  execFileSync('git', ['diff', '--quiet'])
  process.exit(execFileSync('git', ['status', '--porcelain']).length === 0 ? 0 : 9)
`

const places = {
  'the main work tree': async () => (await newRepository()).path,
  'a linked work tree': async () => {
    const { git } = await newRepository()
    const path = join(await tempFolder(), 'linked')
    await git('worktree', 'add', '--quiet', '-b', 'other', path)
    return path
  },
  'a folder below the top': async () => {
    const { path, write, commit } = await newRepository()
    await write('below/here.txt', '')
    await commit('A folder')
    return join(path, 'below')
  },
  'a project below the top': async () => {
    const { path, write, commit } = await newRepository()
    await write('[a] #b/.kittify/config.yaml', '')
    await commit('A project')
    return join(path, '[a] #b')
  },
  'a submodule': async () => {
    const [outer, inner] = [await newRepository(), await newRepository()]
    const allow = ['-c', 'protocol.file.allow=always']
    await outer.git(...allow, 'submodule', '--quiet', 'add', inner.path, 'inner')
    const path = join(outer.path, 'inner')
    await configureRepository(path)
    return path
  },
}

it.each(Object.entries(places))(
  'a release tool finds a clean work tree under an Op, with others open: %s',
  async (_, make) => {
    const path = await make()
    for (let run = 0; run < 2; run += 1) {
      await openIn(path)
      const argv = ['do', 'Release', '--', process.execPath, '-e', CLEAN]
      const { json } = await jsonIn(path, argv)
      expect(json).toMatchObject({ command: { exit_status: 0 }, commit: { status: 'committed' } })
    }
    expect(await repositoryAt(path).statusPorcelain()).toEqual([])
  },
)

it('with ops.exclude: false, the record is visible', async () => {
  const repository = await newRepository()
  await repository.write('.kittify/config.yaml', 'ops: {exclude: false}\n')
  await repository.commit('Settings')
  const id = await openIn(repository.path)
  expect(await repository.statusPorcelain()).toEqual([`?? kitty-ops/${id}.jsonl`])
})
