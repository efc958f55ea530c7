import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { newRepository, type Repository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { headCommit, workSince } from '../../src/work/work-since.js'
import { closeOne, startOne, storeAt } from '../support/ops.js'

/** A date in the past for everything that a test calls older than the Op. */
const OLD = '2020-01-01T00:00:00Z'

const commit = async (
  { write, commit: commitAll, path, git }: Repository,
  name: string,
  { at }: { readonly at?: string } = {},
): Promise<string> => {
  await write(name, `${name}\n`)
  if (at === undefined) return commitAll(`Add ${name}`)
  const { gitWith, head } = repositoryAt(path)
  await git('add', '--all')
  const env = { GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at }
  await gitWith({ env }, 'commit', '--quiet', '-m', `Add ${name}`)
  return head()
}

/** Notes HEAD. Returns a function that finds the commits since then. */
const watch = async ({ path }: Repository) => {
  const head = (await headCommit(path)) ?? ''
  const at = new Date()
  return async () => (await workSince(path, { head, at })).commits
}

describe('the commits of work since a start', () => {
  it('are those of HEAD, oldest first, without those of Ops and of records alone', async () => {
    const repository = await newRepository({ unborn: true })
    const since = await watch(repository)
    const one = await commit(repository, 'a.txt')
    await closeOne(await storeAt(repository))
    await commit(repository, 'kitty-ops/notes.txt')
    const two = await commit(repository, 'b.txt')
    await repository.git('commit', '--quiet', '--allow-empty', '-m', 'Empty')
    expect(await since()).toEqual([one, two, await repository.head()])
    const later = await watch(repository)
    expect(await later()).toEqual([])
    await startOne(await storeAt(repository))
    expect(await later()).toEqual([])
  })

  it('leave out those of records alone, also below the top of the work tree', async () => {
    const { path, git, write, commit: commitAll } = await newRepository()
    const [root, head] = [join(path, 'below'), (await headCommit(path)) ?? '']
    const at = new Date()
    await write('below/kitty-ops/notes.txt', 'a note\n')
    await write('below/.kittify/evidence/log.txt', 'a log\n')
    await commitAll('Add records')
    expect((await workSince(root, { head, at })).commits).toEqual([])
    await write('kitty-ops/notes.txt', 'a note of another root\n')
    const work = await commitAll('Add work')
    expect((await workSince(root, { head, at })).commits).toEqual([work])
    expect(await git('status', '--porcelain')).toBe('')
  })

  it('are at most the newest 50', async () => {
    const repository = await newRepository()
    const head = await repository.head()
    const stream = Array.from({ length: 60 }, (_, number) => {
      const data = `data 2\n${number % 10}\n`
      return `commit refs/heads/work\ncommitter A <a@example.org> ${Math.floor(Date.now() / 1000) + 5} +0000\n${data}${number === 0 ? `from ${head}\n` : ''}M 100644 inline f\n${data}\n`
    })
    await repository.gitWith({ input: stream.join('') }, 'fast-import', '--quiet')
    const { commits, total } = await workSince(repository.path, { head, at: new Date() })
    expect([commits.length, total, commits.at(-1)]).toEqual([50, 60, await repository.head()])
  })

  it('include a merge itself, and what it merged only if it was made here since', async () => {
    const repository = await newRepository()
    const path = join(await tempFolder(), 'other')
    await repository.git('worktree', 'add', '--quiet', '-b', 'theirs', path)
    await commit(repositoryAt(path), 'theirs.txt')
    await repository.git('checkout', '--quiet', '-b', 'before')
    await commit(repository, 'before.txt', { at: OLD })
    await repository.git('checkout', '--quiet', 'work')
    const since = await watch(repository)
    const own = await commit(repository, 'own.txt')
    await repository.git('checkout', '--quiet', '-b', 'side')
    const side = await commit(repository, 'side.txt')
    await repository.git('checkout', '--quiet', 'work')
    const merges: string[] = []
    for (const branch of ['side', 'before', 'theirs']) {
      await repository.git('merge', '--quiet', '--no-ff', '-m', 'Merge', branch)
      merges.push(await repository.head())
    }
    expect(await since()).toEqual([own, side, ...merges])
  })

  it('leave out what a pull brought, before and after a rebase onto it', async () => {
    const upstream = await newRepository()
    const path = join(await tempFolder(), 'clone')
    await upstream.git('clone', '--quiet', '.', path)
    const clone = repositoryAt(path)
    await clone.git('config', 'user.name', 'A')
    await clone.git('config', 'user.email', 'a@example.org')
    const since = await watch(clone)
    await commit(upstream, 'theirs.txt')
    await clone.git('pull', '--quiet', '--ff-only')
    expect(await since()).toEqual([])
    const own = await commit(clone, 'own.txt')
    expect(await since()).toEqual([own])
    await commit(upstream, 'theirs2.txt')
    await clone.git('pull', '--quiet', '--rebase')
    const rebased = await clone.head()
    expect([rebased === own, await since()]).toEqual([false, [rebased]])
  })

  it('leave out older commits that a rebase rewrote, and a branch that was switched to', async () => {
    const repository = await newRepository()
    await repository.git('checkout', '--quiet', '-b', 'topic')
    await commit(repository, 'before.txt', { at: OLD })
    await repository.git('checkout', '--quiet', 'work')
    await commit(repository, 'base.txt', { at: OLD })
    await repository.git('checkout', '--quiet', 'topic')
    const since = await watch(repository)
    const own = await commit(repository, 'own.txt')
    await repository.git('checkout', '--quiet', 'work')
    expect(await since()).toEqual([])
    await repository.git('checkout', '--quiet', 'topic')
    expect(await since()).toEqual([own])
    await repository.git('rebase', '--quiet', 'work')
    const rebased = await repository.head()
    expect(await since()).toEqual([rebased])
    await repository.write('own.txt', 'more\n')
    await repository.git('commit', '--quiet', '--all', '--amend', '--no-edit')
    expect(await since()).toEqual([await repository.head()])
  })

  it('include a commit with an old date that was made here, as the reflog shows', async () => {
    const repository = await newRepository()
    const since = await watch(repository)
    const own = await commit(repository, 'a.txt', { at: OLD })
    expect(await since()).toEqual([own])
  })

  it('cannot be found in a clone that lacks the start, or outside git', async () => {
    const repository = await newRepository()
    const start = { head: await repository.head(), at: new Date() }
    await commit(repository, 'a.txt')
    const path = join(await tempFolder(), 'shallow')
    const from = pathToFileURL(repository.path).href
    await repository.git('clone', '--quiet', '--depth=1', from, path)
    const shallow = repositoryAt(path)
    await expect(workSince(shallow.path, start)).rejects.toMatchObject({ code: 'REV_NOT_FOUND' })
    const outside = await tempFolder()
    await expect(workSince(outside, start)).rejects.toMatchObject({ code: 'NO_REPOSITORY' })
    expect(await headCommit(outside)).toBeUndefined()
    expect(await headCommit((await newRepository({ unborn: true })).path)).toBe('')
  })

  it('are found where only git can read HEAD, as in the reftable format', async () => {
    const repository = await newRepository()
    await repository.write('.git/reftable/tables.list', '')
    const ops = await storeAt(repository)
    const op = await startOne(ops)
    expect(await ops.startNote(op.id)).toMatchObject({ head: await repository.head() })
    const own = await commit(repository, 'own.txt')
    const { linked } = await op.complete({ outcome: 'done', link_commits: true })
    expect(linked).toEqual([own])
  })

  it('are those of the work tree of the Op, not of another one', async () => {
    const repository = await newRepository()
    const path = join(await tempFolder(), 'linked')
    await repository.git('worktree', 'add', '--quiet', '-b', 'other', path)
    const linked = repositoryAt(path)
    const [here, there] = [await watch(repository), await watch(linked)]
    const own = await commit(linked, 'own.txt')
    expect([await here(), await there()]).toEqual([[], [own]])
  })
})
