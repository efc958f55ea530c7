import { join } from 'node:path'
import { newRepository, type Repository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { jsonIn, openIn, runIn } from '../support/in-process.js'

type Why = { readonly ops: readonly Readonly<Record<string, unknown>>[] }

const found = async ({ path }: Repository, target: string) => {
  const { json } = await jsonIn(path, ['ops', 'why', target])
  return (json as Why).ops.map((op) => [op.invocation_id, op.certainty, op.because])
}

const add = async ({ write, git, head }: Repository, file: string, text: string) => {
  await write(file, text)
  await git('add', '--', file)
  await git('commit', '--quiet', '-m', `Add ${file}`)
  return head()
}

/** Opens an Op, commits files under it one after the other, and closes it with links. */
const opThatAdds = async (
  repository: Repository,
  files: Readonly<Record<string, string>>,
): Promise<string> => {
  const { path } = repository
  const id = await openIn(path)
  for (const [file, text] of Object.entries(files)) await add(repository, file, text)
  await jsonIn(path, ['ops', 'complete', id, '--outcome', 'done', '--link-commits'])
  return id
}

/** A repository with a branch that has Ops, and `work` that has moved on. */
const withBranch = async () => {
  const repository = await newRepository()
  await repository.git('checkout', '--quiet', '-b', 'topic')
  const one = await opThatAdds(repository, { 'a.txt': 'a\nb\n', 'b.txt': 'x\n' })
  const two = await opThatAdds(repository, { 'a.txt': 'a\nB\n' })
  await repository.git('checkout', '--quiet', 'work')
  await add(repository, 'other.txt', 'other\n')
  return { repository, one, two }
}

describe('ops why after commits were rewritten', () => {
  it('finds the Op through a rebase and an amended message, as likely', async () => {
    const { repository, one, two } = await withBranch()
    await repository.git('checkout', '--quiet', 'topic')
    await repository.git('rebase', '--quiet', 'work')
    expect(await found(repository, 'a.txt:1')).toEqual([[one, 'likely', 'patch']])
    expect(await found(repository, 'a.txt:2')).toEqual([[two, 'likely', 'patch']])
    expect(await found(repository, 'other.txt')).toEqual([])
    const id = await opThatAdds(repository, { 'c.txt': 'c\n' })
    await repository.git('reset', '--quiet', '--hard', 'HEAD~1')
    await repository.git('commit', '--quiet', '--amend', '-m', 'Better words')
    expect(await found(repository, 'HEAD')).toEqual([[id, 'likely', 'patch']])
    const { stdout } = await runIn(repository.path, ['ops', 'why', 'c.txt'])
    expect(stdout).toContain('(likely: it made the same change, which was rebased')
  })

  it('finds the Op through an amend that adds another file', async () => {
    const repository = await newRepository()
    const id = await opThatAdds(repository, { 'a.txt': 'a\n' })
    await repository.git('reset', '--quiet', '--hard', 'HEAD~1')
    await repository.write('more.txt', 'more\n')
    await repository.git('add', 'more.txt')
    await repository.git('commit', '--quiet', '--amend', '--no-edit')
    expect(await found(repository, 'a.txt')).toEqual([[id, 'likely', 'patch']])
    expect(await found(repository, 'more.txt')).toEqual([])
    expect(await found(repository, 'HEAD')).toEqual([[id, 'likely', 'patch']])
  })

  it('finds all Ops of a branch through a squash', async () => {
    const { repository, one, two } = await withBranch()
    await repository.git('merge', '--quiet', '--squash', 'topic')
    await repository.git('commit', '--quiet', '-m', 'Topic (#1)')
    await repository.git('branch', '--quiet', '-D', 'topic')
    const ops = (await found(repository, 'a.txt:2')).toSorted()
    expect(ops).toEqual([one, two].toSorted().map((id) => [id, 'likely', 'patch']))
    expect(await found(repository, 'b.txt')).toEqual([[one, 'likely', 'patch']])
  })

  it('finds the Ops of a squash in a fresh clone by their records, which came with it', async () => {
    const { repository, one, two } = await withBranch()
    await repository.git('merge', '--quiet', '--squash', 'topic')
    await repository.git('commit', '--quiet', '-m', 'Topic (#1)')
    const clone = repositoryAt(join(await tempFolder(), 'clone'))
    await repository.git('branch', '--quiet', '-D', 'topic')
    await repository.git('clone', '--quiet', '--no-local', '.', clone.path)
    const ops = (await found(clone, 'a.txt:2')).toSorted()
    expect(ops).toEqual([one, two].toSorted().map((id) => [id, 'likely', 'record']))
    expect(await found(clone, 'other.txt')).toEqual([])
    const { stdout } = await runIn(clone.path, ['ops', 'why', 'b.txt'])
    expect(stdout).toContain('(likely: its record came with this commit')
  })
})
