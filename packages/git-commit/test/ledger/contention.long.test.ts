import { join } from 'node:path'
import {
  newRepository,
  type Repository,
  repositoryAt,
  startProgram,
  tempFolder,
} from '@kitty/test-kit'
import { expect, it } from 'vitest'
import { onlyLedger, openWithLedger, opsInLedger } from '../support/ledger.js'
import { expectOnce, opCommits } from '../support/store.js'

const PROGRAM = new URL('../support/programs/completer.ts', import.meta.url)

const TREES = 8
const OPS = 20

const workTrees = async (repository: Repository): Promise<readonly string[]> => {
  const folder = await tempFolder()
  const paths = [repository.path]
  for (let tree = 1; tree < TREES; tree += 1) {
    const path = join(folder, `tree-${tree}`)
    await repository.git('worktree', 'add', '--quiet', '-b', `branch-${tree}`, path)
    paths.push(path)
  }
  return paths
}

it('8 work trees × 20 Ops at once: 160 of 160 in the branches and in the ledger, once each', async () => {
  const repository = await newRepository()
  const paths = await workTrees(repository)
  const children = paths.map((path) => startProgram(PROGRAM, [path, String(OPS), '3', 'ledger']))
  await Promise.all(children.map(({ ready }) => ready))
  for (const { go } of children) go()
  const ends = await Promise.all(children.map(({ ended }) => ended))
  const results: [string, { status: string; ledger?: { status: string } }][] = ends.flatMap(
    ({ stdout, stderr }) => {
      expect(stderr).toBe('')
      return JSON.parse(stdout)
    },
  )
  const ids = results.map(([id]) => id)
  expect(
    results.filter(
      ([, { status, ledger }]) => status !== 'committed' || ledger?.status !== 'committed',
    ),
  ).toEqual([])
  expect(await opsInLedger(repository)).toEqual(ids.toSorted())
  const added = await repository.git(
    'log',
    '--format=',
    '--name-status',
    await onlyLedger(repository),
  )
  expect(added.split('\n').filter((line) => line.startsWith('A\t'))).toHaveLength(TREES * OPS)
  for (const path of paths) {
    const tree = repositoryAt(path)
    await expectOnce(
      tree,
      (await opCommits(tree)).map(([id]) => id),
    )
    expect(await opCommits(tree)).toHaveLength(OPS)
    expect(await (await openWithLedger(path)).pending()).toEqual([])
  }
})
