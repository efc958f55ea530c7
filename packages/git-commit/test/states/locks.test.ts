import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { newRepository, type Repository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { leaveWork, withBranches } from '../support/branches.js'
import { expectCommitted } from '../support/expect-committed.js'
import { answerOf, closeOne, storeAt } from '../support/ops.js'
import { templateOf } from '../support/template.js'

const INDEX = 'kitty-ops/ops-index.jsonl'

/** One Op is committed, and the user has unfinished work. */
const branches = templateOf(async () => {
  const repository = await withBranches()
  await closeOne(await storeAt(repository, {}, { commitOpsIndex: true }))
  await leaveWork(repository)
  return repository
})

const lockIn = ({ path }: Repository, name: string): string => join(path, '.git', name)

const LOCKS = [
  ['index.lock', 'index-locked'],
  ['HEAD.lock', 'ref-locked'],
  ['refs/heads/work.lock', 'ref-locked'],
] as const

describe.each(LOCKS)('%s of another process', (name, reason) => {
  it('that stays: the Op waits, and neither the lock nor the Op’s files change', async () => {
    const repository = await branches()
    const look = async () => [
      await repository.indexBytes(),
      await repository.read(INDEX),
      await repository.head(),
    ]
    const before = await look()
    await writeFile(lockIn(repository, name), 'mine')
    const ops = await storeAt(repository)
    const closed = await closeOne(ops)
    expect(answerOf(closed)).toBe(reason)
    expect(await look()).toEqual(before)
    expect(await repository.read(`.git/${name}`)).toBe('mine')
    await rm(lockIn(repository, name))
    await ops.flush()
    await expectCommitted(repository, ops, closed)
    expect(await repository.read('half.txt')).toBe('A\n\n\nB\n')
  })
})

describe('a lock that goes away', () => {
  it('is waited for, and meanwhile nothing that git tracks changes', async () => {
    const repository = await branches()
    const cache = await repository.read(INDEX)
    await writeFile(lockIn(repository, 'index.lock'), '')
    const ops = await storeAt(repository, { lockTimeoutMs: 20_000 })
    const closing = closeOne(ops)
    await sleep(250)
    expect(await repository.read(INDEX)).toBe(cache)
    await rm(lockIn(repository, 'index.lock'))
    await expectCommitted(repository, ops, await closing)
  })

  it('of a ref is waited for, too', async () => {
    const repository = await branches()
    // By default git waits for 0.1 seconds, which a busy machine can need to remove the lock.
    await repository.git('config', 'core.filesRefLockTimeout', '20000')
    const lock = lockIn(repository, 'refs/heads/work.lock')
    await writeFile(lock, '')
    const ops = await storeAt(repository, {}, { commitOpsIndex: true })
    const closing = closeOne(ops)
    while ((await repository.read(INDEX)).trim().split('\n').length < 2) await sleep(2)
    await rm(lock)
    await expectCommitted(repository, ops, await closing)
  })
})

it('a user who commits without a pause and an agent that closes Ops: nothing is lost', async () => {
  const repository = await newRepository()
  const ops = await storeAt(repository, { lockTimeoutMs: 5_000 })
  let over = false
  const commitAgainAndAgain = async (): Promise<number> => {
    let made = 0
    for (let number = 0; !over; number += 1) {
      await repository.write('README.md', `${number}\n`)
      const run = await repository.tryGit('commit', '--quiet', '--all', '-m', `User ${number}`)
      if (run.exitCode === 0) made += 1
    }
    return made
  }
  const user = commitAgainAndAgain()
  const closed = []
  for (let number = 0; number < 12; number += 1) closed.push(await closeOne(ops))
  over = true
  const made = await user
  await ops.flush()
  for (const each of closed) await expectCommitted(repository, ops, each)
  const subjects = await repository.log()
  expect(subjects.filter((subject) => subject.startsWith('User'))).toHaveLength(made)
  expect(subjects).toHaveLength(made + closed.length + 1)
  const left = await readdir(join(repository.path, '.git'))
  expect(left.filter((name) => name.endsWith('.lock'))).toEqual([])
  expect(await repository.tryGit('fsck', '--strict')).toMatchObject({ exitCode: 0 })
})
