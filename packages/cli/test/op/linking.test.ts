import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { jsonIn, openIn, runIn } from '../support/in-process.js'

const close = async (path: string, id: string, ...flags: readonly string[]) =>
  (await jsonIn(path, ['ops', 'complete', id, '--outcome', 'done', ...flags])).json

const work = async (repository: Repository, name: string): Promise<string> => {
  await repository.write(name, `${name}\n`)
  await repository.git('add', name)
  await repository.git('commit', '--quiet', '-m', `Add ${name}`)
  return repository.head()
}

describe('--link-commits', () => {
  it('links the commits since the Op was opened, whatever other Ops committed between', async () => {
    const repository = await newRepository()
    const { path } = repository
    const id = await openIn(path)
    const first = await work(repository, 'a.txt')
    await close(path, await openIn(path))
    const second = await work(repository, 'b.txt')
    const closed = await close(path, id, '--link-commits')
    expect(closed).toMatchObject({
      linked_commits: [first, second],
      notes: ['Linked 2 commits made since the Op was opened.'],
    })
    const text = await readFile(join(path, 'kitty-ops', `${id}.jsonl`), 'utf8')
    expect(text.match(/"commit_link"/g)).toHaveLength(2)
    expect(text.trimEnd().split('\n').at(-1)).toContain('"completed"')
    expect(await close(path, id, '--link-commits')).toMatchObject({ already: true })
  })

  it('is the default with ops.link_commits, also for an Op of another work tree', async () => {
    const repository = await newRepository({
      files: { '.kittify/config.yaml': 'ops:\n  link_commits: true\n' },
    })
    const path = join(await tempFolder(), 'linked')
    await repository.git('worktree', 'add', '--quiet', '-b', 'other', path)
    const id = await openIn(path)
    const own = await work(repositoryAt(path), 'own.txt')
    await work(repository, 'not-own.txt')
    expect(await close(repository.path, id)).toMatchObject({ linked_commits: [own] })
    const run = await runIn(repository.path, ['do', 'x', '--json', '--', 'git', '--version'])
    expect(JSON.parse(run.stdout)).toMatchObject({ linked_commits: [] })
  })

  it('says why it links nothing', async () => {
    const folder = await tempFolder()
    const { stderr } = await runIn(folder, [
      ...['ops', 'complete', await openIn(folder), '--outcome', 'done', '--link-commits'],
    ])
    expect(stderr).toContain('No commits were linked: this is not a git repository.')
    const repository = await newRepository()
    const path = join(await tempFolder(), 'linked')
    await repository.git('worktree', 'add', '--quiet', '-b', 'other', path)
    const id = await openIn(path)
    await repository.git('worktree', 'remove', '--force', path)
    expect(await close(repository.path, id, '--link-commits')).toMatchObject({
      notes: expect.arrayContaining(['No commits were linked: the work tree of the Op is gone.']),
    })
  })

  it('keeps no HEAD of a work tree that an Op was taken over from', async () => {
    const repository = await newRepository()
    await repository.write('.kittify/config.yaml', 'ops:\n  ledger: false\n')
    const path = join(await tempFolder(), 'linked')
    await repository.git('worktree', 'add', '--quiet', '-b', 'other', path)
    const id = await openIn(path)
    await repository.git('worktree', 'remove', '--force', path)
    await work(repository, 'not-own.txt')
    expect(await close(repository.path, id, '--link-commits')).toMatchObject({
      linked_commits: [],
      notes: expect.arrayContaining([expect.stringContaining('it is not known which commit')]),
    })
  })
})
