import { execFileSync } from 'node:child_process'
import { newRepository, type Repository } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import { expectCommitted } from '../support/expect-committed.js'
import { closeOne, storeAt } from '../support/ops.js'

const git = ({ path }: Repository, args: readonly string[], input?: Uint8Array): Buffer =>
  execFileSync('git', args, { cwd: path, input: input ?? '' })

/** Gives HEAD a tree whose folders have the mode `040000`, as some old programs write it. */
const padModes = async (repository: Repository): Promise<void> => {
  const tree = git(repository, ['cat-file', 'tree', 'HEAD^{tree}']).toString('latin1')
  const padded = Buffer.from(tree.replace('40000 kitty-ops', '040000 kitty-ops'), 'latin1')
  const write = ['hash-object', '-t', 'tree', '-w', '--literally', '--stdin']
  const id = git(repository, write, padded).toString().trim()
  const commit = await repository.git('commit-tree', id, '-p', 'HEAD', '-m', 'Padded')
  await repository.git('update-ref', 'HEAD', commit)
}

it('a folder whose mode begins with a zero is a folder: its content stays', async () => {
  const repository = await newRepository()
  const ops = await storeAt(repository)
  const first = await closeOne(ops)
  await padModes(repository)
  const second = await closeOne(ops)
  await expectCommitted(repository, ops, first)
  await expectCommitted(repository, ops, second)
  expect(await repository.git('ls-tree', '-d', 'HEAD')).toMatch(/^040000 tree \w+\tkitty-ops$/)
  expect(await repository.git('show', '--format=', '--name-status', 'HEAD')).not.toContain('D\t')
})
