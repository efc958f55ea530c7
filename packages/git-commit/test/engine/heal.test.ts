import { existsSync } from 'node:fs'
import { cp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository, startProgram } from '@kitty/test-kit'
import type { CommitStrategy } from '@kitty/writer'
import { archivedPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { directGit } from '../../src/direct-git.js'
import { closeOne, DONE, expectOnce, opCommits, openIn, REQUEST, shaOf } from '../support/store.js'

const PROGRAM = new URL('../support/programs/completer.ts', import.meta.url)

/** Equal to direct git, but keeps every Op pending. */
const deferring: CommitStrategy = {
  ...directGit(),
  commit: async (_, requests) =>
    requests.map(() => ({ status: 'deferred', reason: 'test', message: 'Not now.' })),
}

/** A closed Op with its intent: what a crash right after the append leaves. */
const pendingOp = async (repository: Repository) => {
  const ops = await openIn(repository.path, { strategy: deferring, exclude: false })
  const { id, path } = await closeOne(ops)
  return { id, path, text: await repository.read(path) }
}

type Crash = (repository: Repository, path: string, text: string) => Promise<unknown>

const CRASHES: readonly (readonly [string, Crash])[] = [
  ['after the append', async () => undefined],
  ['before the append', (to, path, text) => to.write(path, text.slice(0, text.indexOf('\n') + 1))],
  ['in the middle of the append', (to, path, text) => to.write(path, text.slice(0, -20))],
  ['and the record was removed by git clean', (to) => to.git('clean', '-fdxq', 'kitty-ops')],
  ['after the index was changed', (to, path) => to.git('add', '--force', '--', path)],
]

describe('an Op whose closer died', () => {
  it.each(CRASHES)('%s is committed by the next completion, once', async (_, crash) => {
    const repository = await newRepository()
    const { id, path, text } = await pendingOp(repository)
    await crash(repository, path, text)
    const ops = await openIn(repository.path)
    const other = await closeOne(ops)
    expect(await repository.read(path)).toBe(text)
    await expectOnce(repository, [id, other.id])
    expect(await ops.pending()).toEqual([])
    expect(await repository.statusPorcelain()).toEqual([])
  })

  it('while git’s index was copied leaves no copy behind for long', async () => {
    const repository = await newRepository()
    const { id } = await pendingOp(repository)
    await repository.write('.git/kitty/index/copy.1.0a', 'DIRC')
    await repository.write('.git/kitty/index/copy.1.0a.lock', '')
    expect((await (await openIn(repository.path)).flush()).get(id)?.status).toBe('committed')
    expect(await readdir(join(repository.path, '.git', 'kitty', 'index'))).toEqual([])
  })

  it('between the commit and the clean-up is not committed again', async () => {
    const repository = await newRepository()
    const { id } = await pendingOp(repository)
    const state = join(repository.path, '.git', 'kitty')
    await cp(state, `${state}.before`, { recursive: true })
    const ops = await openIn(repository.path)
    const healed = (await ops.flush()).get(id)
    await rm(state, { recursive: true })
    await cp(`${state}.before`, state, { recursive: true })
    expect(await ops.pending()).toMatchObject([{ id }])
    expect((await ops.flush()).get(id)).toEqual({ ...healed, earlier: true })
    await expectOnce(repository, [id])
    expect(await ops.pending()).toEqual([])
  })

  it('after another commit took it along gets that commit, and no empty one', async () => {
    const repository = await newRepository()
    const { id } = await pendingOp(repository)
    const sha = await repository.commit('Everything')
    const ops = await openIn(repository.path)
    expect([...(await ops.flush())]).toEqual([[id, { status: 'committed', sha, earlier: true }]])
    expect(await repository.head()).toBe(sha)
    expect(await opCommits(repository)).toEqual([])
    expect(await ops.pending()).toEqual([])
  })

  it('and whose evidence that commit left out has a note that says so', async () => {
    const repository = await newRepository()
    await repository.write('proof.txt', 'fine')
    const before = await openIn(repository.path, { strategy: deferring, exclude: false })
    const { id, path } = await before.start(REQUEST)
    await before.complete(id, { outcome: 'done', evidence: 'proof.txt' })
    await repository.git('add', '--force', '--', path)
    await repository.git('commit', '--quiet', '-m', 'The record alone')
    const evidence = `.kittify/evidence/${id}/proof.txt`
    expect((await (await openIn(repository.path)).flush()).get(id)).toMatchObject({
      status: 'committed',
      earlier: true,
      notes: [`${evidence} is not in that commit. To keep it: git add -- ${evidence}`],
    })
  })

  it('between the commit and the clean-up is not committed again on another branch', async () => {
    const repository = await newRepository()
    await repository.git('branch', 'other')
    const { id } = await pendingOp(repository)
    const state = join(repository.path, '.git', 'kitty')
    await cp(state, `${state}.before`, { recursive: true })
    const sha = shaOf((await (await openIn(repository.path)).flush()).get(id) ?? expect.fail())
    await rm(state, { recursive: true })
    await cp(`${state}.before`, state, { recursive: true })
    await repository.git('switch', '--quiet', 'other')
    const ops = await openIn(repository.path)
    expect((await ops.flush()).get(id)).toMatchObject({ status: 'committed', sha, earlier: true })
    expect(await opCommits(repository)).toEqual([])
    expect(await ops.pending()).toEqual([])
    expect(await repository.statusPorcelain()).toEqual([])
  })

  it('and whose record the current branch holds, in any place, is not committed again', async () => {
    const repository = await newRepository()
    const { id, path } = await pendingOp(repository)
    await repository.write(archivedPath(id), await repository.read(path))
    await rm(join(repository.path, path))
    const sha = await repository.commit('Archived')
    await rm(join(repository.path, 'kitty-ops'), { recursive: true })
    const ops = await openIn(repository.path)
    expect((await ops.flush()).get(id)).toMatchObject({ status: 'committed', sha, earlier: true })
    expect(await repository.head()).toBe(sha)
    expect(await ops.pending()).toEqual([])
  })

  it('and whose record git cannot find does not hold up others', async () => {
    const repository = await newRepository()
    const { id, path } = await pendingOp(repository)
    await rm(join(repository.path, path))
    await repository.write('.git/refs/remotes/o/gone', `${'12'.repeat(20)}\n`)
    const ops = await openIn(repository.path)
    expect((await closeOne(ops)).commit.status).toBe('committed')
    await rm(join(repository.path, '.git', 'refs', 'remotes'), { recursive: true })
    await ops.flush()
    expect((await opCommits(repository)).map(([op]) => op)).toContain(id)
  })

  it('and whose record another branch holds is reported as already closed', async () => {
    const repository = await newRepository()
    await repository.git('branch', 'other')
    const { id, path } = await pendingOp(repository)
    const sha = await repository.commit('Everything')
    await repository.git('switch', '--quiet', 'other')
    const ops = await openIn(repository.path)
    await expect(ops.complete(id, DONE)).resolves.toMatchObject({
      already: true,
      commit: { status: 'committed', sha, earlier: true },
    })
    expect(await ops.pending()).toEqual([])
    expect(existsSync(join(repository.path, path))).toBe(false)
  })

  it('is committed once if two processes recover it at once', async () => {
    const repository = await newRepository()
    const ids = [await pendingOp(repository), await pendingOp(repository)].map(({ id }) => id)
    const healers = [1, 2].map(() => startProgram(PROGRAM, [repository.path, '1', '1']))
    await Promise.all(healers.map(({ ready }) => ready))
    for (const { go } of healers) go()
    const ends = await Promise.all(healers.map(({ ended }) => ended))
    const others = ends.flatMap(({ stdout }) => JSON.parse(stdout).map(([id]: [string]) => id))
    await expectOnce(repository, [...ids, ...others])
    expect(await (await openIn(repository.path)).pending()).toEqual([])
  })
})

describe('a close that is repeated', () => {
  it('changes nothing and returns the commit of the Op', async () => {
    const repository = await newRepository()
    const ops = await openIn(repository.path)
    const { id, path, commit } = await closeOne(ops)
    await closeOne(ops)
    const text = await repository.read(path)
    const head = await repository.head()
    expect(await ops.complete(id, DONE)).toMatchObject({ already: true, commit })
    expect(shaOf(commit)).not.toBe(head)
    expect(await repository.head()).toBe(head)
    expect(await repository.read(path)).toBe(text)
    expect(await repository.statusPorcelain()).toEqual([])
  })

  it('commits what was pending', async () => {
    const repository = await newRepository()
    const { id } = await pendingOp(repository)
    const ops = await openIn(repository.path)
    expect(await ops.complete(id, DONE)).toMatchObject({ commit: { status: 'committed' } })
    await expectOnce(repository, [id])
  })
})
