import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { ledgerPathOf } from '../../src/ledger/layout.js'
import { onlyLedger, openWithLedger, opsInLedger } from '../support/ledger.js'
import { closeOne, openIn, REQUEST } from '../support/store.js'

/** An Op that was committed on a branch of its own, in a work tree that is gone with its branch. */
const goneWithItsBranch = async (repository: Repository) => {
  const linked = join(await tempFolder(), 'w')
  await repository.git('worktree', 'add', '--quiet', '-b', 'agent-1', linked)
  const { id, commit } = await closeOne(await openWithLedger(linked))
  expect(commit).toMatchObject({ status: 'committed' })
  await repository.git('worktree', 'remove', '--force', linked)
  await repository.git('branch', '--quiet', '-D', 'agent-1')
  return id
}

const collectGarbage = async ({ git }: Repository): Promise<void> => {
  await git('reflog', 'expire', '--expire=now', '--expire-unreachable=now', '--all')
  await git('gc', '--quiet', '--prune=now')
}

/** What people do to a branch, which starts with two commits of Ops on top of the first. */
const FATES: Readonly<Record<string, (repository: Repository) => Promise<unknown>>> = {
  'reset --hard': ({ git }) => git('reset', '--quiet', '--hard', 'HEAD~2'),
  amend: ({ git }) => git('commit', '--quiet', '--amend', '--reset-author', '-m', 'Something else'),
  squash: async ({ git }) => {
    await git('reset', '--quiet', '--soft', 'HEAD~2')
    await git('commit', '--quiet', '-m', 'Squashed')
  },
  'a rebase that drops them': ({ git }) =>
    git('rebase', '--quiet', '--onto', 'HEAD~2', 'HEAD', 'work'),
  'the branch is deleted': async ({ git }) => {
    await git('switch', '--quiet', '--orphan', 'new')
    await git('commit', '--quiet', '--allow-empty', '-m', 'New')
    await git('branch', '--quiet', '-D', 'work')
  },
}

describe('an Op stays in the ledger', () => {
  it('after its work tree and its branch are gone, and git has collected its garbage', async () => {
    const repository = await newRepository()
    const id = await goneWithItsBranch(repository)
    await collectGarbage(repository)
    expect(await opsInLedger(repository)).toEqual([id])
    expect(await repository.git('fsck', '--strict')).toBe('')
    const next = await closeOne(await openWithLedger(repository.path))
    expect(await opsInLedger(repository)).toEqual([id, next.id].toSorted())
  })

  it.each(Object.entries(FATES))('after %s', async (_, happen) => {
    const repository = await newRepository()
    const ops = await openWithLedger(repository.path)
    const ids = [(await closeOne(ops)).id, (await closeOne(ops)).id]
    await happen(repository)
    await collectGarbage(repository)
    const next = await closeOne(ops)
    expect(next.commit).toMatchObject({ status: 'committed', ledger: { status: 'committed' } })
    expect(await opsInLedger(repository)).toEqual([...ids, next.id].toSorted())
    expect(await repository.git('fsck', '--strict', '--no-dangling')).toBe('')
  })
})

describe('Ops of a work tree that is gone', () => {
  const leftBehind = async (closing: boolean) => {
    const repository = await newRepository()
    const linked = join(await tempFolder(), 'w')
    await repository.git('worktree', 'add', '--quiet', '--detach', linked)
    const ops = await openIn(linked)
    const { id } = closing ? await closeOne(ops) : await ops.start(REQUEST)
    await repository.git('worktree', 'remove', '--force', linked)
    return { repository, id }
  }

  it('that are pending are added to it and settled, and reach no branch', async () => {
    const { repository, id } = await leftBehind(true)
    const ops = await openWithLedger(repository.path)
    expect(await ops.commitGone()).toMatchObject(new Map([[id, { status: 'committed' }]]))
    expect(await opsInLedger(repository)).toEqual([id])
    expect(await ops.commitGone()).toEqual(new Map())
    expect(await repository.git('log', '--format=%s')).toBe('First commit')
    expect(await repository.statusPorcelain()).toEqual([])
  })

  it('that are open are closed in it, once, and no file is written', async () => {
    const { repository, id } = await leftBehind(false)
    const ops = await openWithLedger(repository.path)
    const closed = await ops.complete(id, {
      outcome: 'failed',
      reason: 'Its work tree was removed.',
    })
    expect(closed).toMatchObject({ already: false, commit: { status: 'committed' } })
    expect(closed.record.completed.outcome).toBe('failed')
    expect(await opsInLedger(repository)).toEqual([id])
    expect(await repository.statusPorcelain()).toEqual([])
    expect(
      await repository.git('show', `${await onlyLedger(repository)}:${ledgerPathOf(id)}`),
    ).toContain('"failed"')
    await expect(ops.complete(id, { outcome: 'done' })).rejects.toMatchObject({
      code: 'OP_NOT_FOUND',
    })
  })

  it('are left alone without a ledger', async () => {
    const { repository, id } = await leftBehind(true)
    const ops = await openIn(repository.path)
    expect(await ops.commitGone()).toEqual(new Map())
    await rm(join(repository.path, '.git', 'kitty', 'writer'), { force: true })
    expect(await ops.adopt(id)).toBe(true)
  })
})
