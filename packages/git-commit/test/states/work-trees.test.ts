import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { knownWorkTrees, selfOwner, stateDirOf } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { closeOne, DONE, expectOnce, openIn, REQUEST } from '../support/store.js'

const REBUILT = expect.stringContaining('restored from the start note')

/** A linked work tree of a repository. */
const linkedTree = async ({ git }: Repository, name = 'linked'): Promise<string> => {
  const path = join(await tempFolder(), name)
  await git('worktree', 'add', '--quiet', '-b', name, path)
  return path
}

/** Makes a strategy's commit impossible in a work tree. */
const rebasing = (gitDir: string): Promise<unknown> => mkdir(join(gitDir, 'rebase-merge'))

describe('an Op of a work tree that is removed with --force', () => {
  it('is closed elsewhere, and committed there', async () => {
    const repository = await newRepository()
    const linked = await linkedTree(repository)
    const { id } = await (await openIn(linked)).start(REQUEST)
    await repository.git('worktree', 'remove', '--force', linked)
    const [tree, ...others] = await knownWorkTrees(repository.path)
    expect(others).toEqual([])
    expect(tree).toMatchObject({ status: 'gone', path: linked, roots: [{ root: linked }] })

    const ops = await openIn(repository.path)
    expect(await ops.adopt(id)).toBe(true)
    const completion = await ops.complete(id, DONE)
    expect(completion).toMatchObject({ notes: [REBUILT], commit: { status: 'committed' } })
    await expectOnce(repository, [id])
    expect(await ops.adopt(id)).toBe(false)
    const left = await knownWorkTrees(repository.path)
    expect(left.map(({ status }) => status)).toEqual(['present'])
  })

  it('is committed elsewhere if it was closed and pending', async () => {
    const repository = await newRepository()
    const linked = await linkedTree(repository)
    await rebasing(join(repository.path, '.git', 'worktrees', 'linked'))
    const { id, commit } = await closeOne(await openIn(linked))
    expect(commit).toMatchObject({ status: 'deferred', reason: 'rebase' })
    const bytes = await readFile(join(linked, 'kitty-ops', `${id}.jsonl`))
    await repository.git('worktree', 'remove', '--force', linked)

    const ops = await openIn(repository.path)
    expect(await ops.adopt(id)).toBe(true)
    expect((await ops.flush()).get(id)).toMatchObject({ status: 'committed' })
    await expectOnce(repository, [id])
    expect(await readFile(join(repository.path, 'kitty-ops', `${id}.jsonl`))).toEqual(bytes)
  })

  it('does not become an Op of the next work tree of that name', async () => {
    const repository = await newRepository()
    const linked = await linkedTree(repository)
    const { id } = await (await openIn(linked)).start(REQUEST)
    await repository.git('worktree', 'remove', '--force', linked)
    await repository.git('worktree', 'add', '--quiet', linked, 'linked')
    const ops = await openIn(linked)
    expect(await ops.startNote(id)).toBeUndefined()
    await expect(ops.complete(id, DONE)).rejects.toMatchObject({ code: 'OP_NOT_FOUND' })
    expect(await ops.adopt(id)).toBe(true)
    await ops.complete(id, DONE)
    expect(await repository.git('log', '--format=%s', 'linked')).toContain('op(debugger-debbie)')
  })
})

it('a work tree whose folder is not here is out of reach, not gone, and back when the folder is', async () => {
  const repository = await newRepository()
  const linked = await linkedTree(repository)
  const { id } = await (await openIn(linked)).start(REQUEST)
  await repository.git('worktree', 'lock', linked)
  await rename(linked, `${linked}-elsewhere`)
  const statuses = async () =>
    (await knownWorkTrees(repository.path)).map(({ status, isLocked }) => [status, isLocked])
  expect(await statuses()).toEqual([['unreachable', true]])
  await rename(`${linked}-elsewhere`, linked)
  expect(await statuses()).toEqual([['present', true]])
  const { commit } = await (await openIn(linked)).complete(id, DONE)
  expect(commit.status).toBe('committed')
  const main = await openIn(repository.path)
  expect(await main.adopt(id)).toBe(false)
})

it('an Op of a present work tree is never adopted', async () => {
  const repository = await newRepository()
  const linked = await linkedTree(repository)
  const { id } = await (await openIn(linked)).start(REQUEST)
  expect(await (await openIn(repository.path)).adopt(id)).toBe(false)
  expect(await (await openIn(linked)).startNote(id)).toBeDefined()
})

it('each Op is adopted once, however many processes try', async () => {
  const repository = await newRepository()
  const linked = await linkedTree(repository)
  const { id } = await (await openIn(linked)).start(REQUEST)
  await repository.git('worktree', 'remove', '--force', linked)
  const stores = await Promise.all(Array.from({ length: 4 }, () => openIn(repository.path)))
  const adopted = await Promise.all(stores.map((ops) => ops.adopt(id)))
  expect(adopted.filter(Boolean)).toHaveLength(1)
  await stores[0]?.complete(id, DONE)
  await expectOnce(repository, [id])
})

describe('state of the layout before', () => {
  /** Moves the state of a root to where it was: the work tree's own git directory. */
  const asBefore = async (root: string, gitDir: string): Promise<string> => {
    const { dir } = await stateDirOf(root)
    const before = join(gitDir, 'kitty', 'root')
    await rename(dir, before)
    await rm(join(before, 'root'))
    await rm(join(gitDir, 'kitty', 'trees'), { recursive: true, force: true })
    for (const name of ['id', 'format']) await rm(join(gitDir, 'kitty', name), { force: true })
    return before
  }

  it('is taken over by the next Op: open Ops and pending ones', async () => {
    const repository = await newRepository()
    const gitDir = join(repository.path, '.git')
    const first = await openIn(repository.path)
    const open = await first.start(REQUEST)
    await rebasing(gitDir)
    const pending = await closeOne(first)
    await rm(join(gitDir, 'rebase-merge'), { recursive: true })
    const before = await asBefore(repository.path, gitDir)

    const ops = await openIn(repository.path)
    expect((await ops.pending()).map(({ id }) => id)).toEqual([pending.id])
    expect(await ops.startNote(open.id)).toBeDefined()
    await repository.git('clean', '-fdxq')
    expect((await ops.complete(open.id, DONE)).notes).toEqual([REBUILT])
    await expectOnce(repository, [pending.id, open.id])
    await expect(readdir(before)).rejects.toThrow('ENOENT')
  })

  it('stays if a living process works on it', async () => {
    const repository = await newRepository()
    const gitDir = join(repository.path, '.git')
    const first = await openIn(repository.path)
    const { id } = await first.start(REQUEST)
    const before = await asBefore(repository.path, gitDir)
    const intent = {
      owner: selfOwner(),
      at: Date.now(),
      strategy: 'direct-git',
      options: 'x',
      durability: 'process',
      evidence: [],
      length: 0,
    }
    await writeFile(join(before, 'pending', id), `${JSON.stringify(intent)}\n`)
    await closeOne(await openIn(repository.path))
    expect(await readdir(join(before, 'pending'))).toEqual([id])
    expect(await readdir(join(before, 'started'))).toEqual([`${id}.json`])
  })
})

it('the state of removed work trees goes when the next work tree opens its first Op, unless it holds an Op', async () => {
  const repository = await newRepository()
  const [done, open] = [await linkedTree(repository, 'done'), await linkedTree(repository, 'open')]
  await closeOne(await openIn(done))
  const { id } = await (await openIn(open)).start(REQUEST)
  for (const path of [done, open]) await repository.git('worktree', 'remove', '--force', path)
  const statuses = async () => (await knownWorkTrees(repository.path)).map(({ status }) => status)
  expect(await statuses()).toEqual(['gone', 'gone'])
  const next = await openIn(await linkedTree(repository, 'next'))
  await next.start(REQUEST)
  expect((await statuses()).sort()).toEqual(['gone', 'present'])
  expect(await next.adopt(id)).toBe(true)
})
