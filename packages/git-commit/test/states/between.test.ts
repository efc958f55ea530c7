import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isGitOlder, type Repository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { leaveWork, withBranches } from '../support/branches.js'
import { expectCommitted } from '../support/expect-committed.js'
import { answerOf, closeOne, startOne, storeAt } from '../support/ops.js'
import { templateOf } from '../support/template.js'

const branches = templateOf(withBranches)

const read = ({ path }: Repository, file: string): Promise<string> =>
  readFile(join(path, file), 'utf8')

/** What takes along, or away, a record that no exclude line hides. */
const VISIBLE = { exclude: false }

const GONE: Readonly<Record<string, (repository: Repository) => Promise<unknown>>> = {
  'git stash -u': ({ git }) => git('stash', '--include-untracked', '--quiet'),
  'git clean -fdx': ({ git }) => git('clean', '-fdxq'),
  'git clean -fdx kitty-ops': ({ git }) => git('clean', '-fdxq', 'kitty-ops'),
  'rm -r kitty-ops': ({ path }) => rm(join(path, 'kitty-ops'), { recursive: true }),
}

describe.each(Object.entries(GONE))('%s', (_, takeAway) => {
  it('between start and close: the record is written again, and a note says so', async () => {
    const repository = await branches()
    const ops = await storeAt(repository, {}, VISIBLE)
    const { id, path } = await startOne(ops)
    const line = await read(repository, path)
    await takeAway(repository)
    const closed = await ops.complete(id, { outcome: 'done' })
    expect(closed).toMatchObject({ notes: [expect.stringContaining('restored')] })
    expect(await read(repository, path)).toMatch(line)
    await expectCommitted(repository, ops, closed)
  })

  it('while the Op is pending: the record is restored from its intent', async () => {
    const repository = await branches()
    const ops = await storeAt(repository, {}, VISIBLE)
    await repository.git('checkout', '--quiet', '--detach')
    const closed = await closeOne(ops)
    expect(answerOf(closed)).toBe('detached-head')
    const text = await read(repository, closed.path)
    await takeAway(repository)
    await repository.git('checkout', '--quiet', 'work')
    await ops.flush()
    expect(await read(repository, closed.path)).toBe(text)
    await expectCommitted(repository, ops, closed)
  })

  it('after the commit: git restores the record, to the byte', async () => {
    const repository = await branches()
    const ops = await storeAt(repository, {}, VISIBLE)
    const closed = await closeOne(ops)
    const text = await read(repository, closed.path)
    await takeAway(repository)
    await repository.git('checkout', 'kitty-ops')
    expect(await read(repository, closed.path)).toBe(text)
    await expectCommitted(repository, ops, closed)
  })
})

/** Applying a stash leaves files like `AUTO_MERGE`, with Ops and without. */
const workIn = async (repository: Repository) => {
  const { operation: _, ...work } = await repository.stagedState(['kitty-ops'])
  return work
}

/** Before 2.34, git stops at the first untracked file that exists, and restores only the others. */
const popIntoRoom = async ({ git, path }: Repository, closed: { readonly path: string }) => {
  await rm(join(path, 'untracked.txt'))
  await rm(join(path, closed.path))
  await git('stash', 'pop', '--quiet', '--index')
  await git('checkout', '--quiet', '--', closed.path)
}

describe('a stash', () => {
  it('made while an Op was open gives all of the user’s work back after it', async () => {
    const repository = await branches()
    await leaveWork(repository)
    const before = await workIn(repository)
    const ops = await storeAt(repository, {}, VISIBLE)
    const { id } = await startOne(ops)
    await repository.git('stash', '--quiet')
    const closed = await ops.complete(id, { outcome: 'done' })
    await repository.git('stash', 'pop', '--quiet', '--index')
    expect(await workIn(repository)).toEqual(before)
    await expectCommitted(repository, ops, closed)
  })

  it('that took the open record along gives the user’s own files back, too', async () => {
    const repository = await branches()
    await leaveWork(repository)
    const ops = await storeAt(repository, {}, VISIBLE)
    const { id } = await startOne(ops)
    const before = await workIn(repository)
    await repository.git('stash', '--quiet', '--include-untracked')
    const closed = await ops.complete(id, { outcome: 'done' })
    // Git reports that the record already exists, and keeps the stash.
    const { stderr } = await repository.tryGit('stash', 'pop', '--quiet', '--index')
    expect(stderr).toContain(`${closed.path} already exists`)
    if (isGitOlder('2.34')) await popIntoRoom(repository, closed)
    else await repository.git('stash', 'drop', '--quiet')
    expect(await workIn(repository)).toEqual(before)
    await expectCommitted(repository, ops, closed)
  })
})

describe('a commit of the user’s', () => {
  it('that took the closed record along is the Op’s commit, and none is added', async () => {
    const repository = await branches()
    const ops = await storeAt(repository, {}, VISIBLE)
    await repository.git('checkout', '--quiet', '--detach')
    const closed = await closeOne(ops)
    await repository.git('checkout', '--quiet', 'work')
    const sha = await repository.commit('Everything')
    await repository.write('more.txt', 'more\n')
    const tip = await repository.commit('More')
    const results = await ops.flush()
    expect(results.get(closed.id)).toEqual({
      status: 'committed',
      sha,
      earlier: true,
    })
    expect(await repository.head()).toBe(tip)
    expect(await ops.pending()).toEqual([])
    expect(await repository.statusPorcelain()).toEqual([])
  })

  it('that took the open record along does not count: the closed one gets its own commit', async () => {
    const repository = await branches()
    const ops = await storeAt(repository, {}, VISIBLE)
    const { id } = await startOne(ops)
    const tip = await repository.commit('Everything')
    const closed = await ops.complete(id, { outcome: 'done' })
    await expectCommitted(repository, ops, closed)
    expect(await repository.git('rev-parse', 'HEAD~1')).toBe(tip)
  })

  it('with one of two Ops: each gets its own result', async () => {
    const repository = await branches()
    const ops = await storeAt(repository, {}, VISIBLE)
    await repository.git('checkout', '--quiet', '--detach')
    const swept = await closeOne(ops)
    await repository.git('checkout', '--quiet', 'work')
    const sha = await repository.commit('Everything')
    const closed = await closeOne(ops)
    await expectCommitted(repository, ops, closed)
    expect(await ops.pending()).toEqual([])
    expect(await repository.git('rev-parse', 'HEAD~1')).toBe(sha)
    expect(await repository.git('log', '--format=%H', '--', swept.path)).toBe(sha)
  })
})
