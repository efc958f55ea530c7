import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { newRepository, tempFolder } from '../src/index.js'

test('a repository is on its branch, with one commit', async () => {
  const repository = await newRepository({ branch: 'feature-x' })
  expect(await repository.git('branch', '--show-current')).toBe('feature-x')
  expect(await repository.log()).toEqual(['First commit'])
  expect(await repository.statusPorcelain()).toEqual([])
})

test('two repositories with the same options are equal, and share nothing', async () => {
  const [one, other] = [await newRepository(), await newRepository()]
  expect(await one.stagedState()).toEqual(await other.stagedState())
  await one.write('README.md', '# Another project\n')
  await one.commit('Second commit')
  expect(await other.log()).toEqual(['First commit'])
  expect(await other.statusPorcelain()).toEqual([])
})

test('the index is up to date: git has nothing to refresh', async () => {
  const repository = await newRepository({ files: { 'a.txt': 'a\n', 'b/c.txt': 'c\n' } })
  const { exitCode } = await repository.tryGit('diff-files', '--exit-code')
  expect(exitCode).toBe(0)
})

test('an unborn branch has a name, but no commit', async () => {
  const repository = await newRepository({ unborn: true })
  expect(await repository.git('symbolic-ref', 'HEAD')).toBe('refs/heads/work')
  expect(await repository.log()).toEqual([])
})

test('a repository can use SHA-256', async () => {
  const repository = await newRepository({ objectFormat: 'sha256' })
  expect(await repository.head()).toMatch(/^[0-9a-f]{64}$/)
})

test('a repository does not use the git configuration of the machine', async () => {
  const repository = await newRepository()
  const origins = await repository.git('config', '--list', '--show-scope')
  expect(origins.split('\n').every((line) => line.startsWith('local'))).toBe(true)
})

test('a failing git throws with its message, or returns its exit code', async () => {
  const repository = await newRepository()
  await expect(repository.git('checkout', 'nowhere')).rejects.toThrow("pathspec 'nowhere'")
  const { exitCode, stderr } = await repository.tryGit('checkout', 'nowhere')
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('nowhere')])
})

test('the staged state is the same after a query, and differs after each kind of change', async () => {
  const repository = await newRepository({ files: { a: '1\n', b: '1\n', c: '1\n' } })
  await repository.write('a', 'kept\n')
  const kept = await repository.git('stash', 'create')
  await repository.git('checkout', '--quiet', '--', 'a')
  const before = await repository.stagedState()
  await repository.statusPorcelain()
  expect(await repository.stagedState()).toEqual(before)
  const changes: (() => Promise<unknown>)[] = [
    () => repository.write('a', '2\n'),
    () => repository.git('add', 'a'),
    () => repository.git('update-index', '--assume-unchanged', 'b'),
    () => repository.git('update-index', '--skip-worktree', 'c'),
    () => repository.write('new', 'x\n'),
    () => repository.git('add', '--intent-to-add', 'new'),
    () => repository.git('stash', 'store', '-m', 'kept', kept),
    async () => repository.write('.git/MERGE_HEAD', `${await repository.head()}\n`),
  ]
  const states = [JSON.stringify(before)]
  for (const change of changes) {
    await change()
    states.push(JSON.stringify(await repository.stagedState()))
  }
  expect(new Set(states).size).toBe(changes.length + 1)
})

test('paths can be left out of the staged state', async () => {
  const repository = await newRepository()
  const before = await repository.stagedState(['kitty-ops'])
  await repository.write('kitty-ops/x.jsonl', '{}\n')
  await repository.git('add', 'kitty-ops')
  expect(await repository.stagedState(['kitty-ops'])).toEqual(before)
})

let ofPreviousTest = ''

test('a temporary folder exists', async () => {
  ofPreviousTest = await tempFolder()
  expect(existsSync(ofPreviousTest)).toBe(true)
})

test('a temporary folder is removed after its test', () => {
  expect([ofPreviousTest === '', existsSync(ofPreviousTest)]).toEqual([false, false])
})
