import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  configureRepository,
  newRepository,
  repositoryAt,
  tempFolder,
  tryGitIn,
} from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { ledgerRefs, onlyLedger, openWithLedger, opsInLedger } from '../support/ledger.js'
import { closeOne, expectOnce } from '../support/store.js'

/** A repository with one Op, and an empty folder for what is made from it. */
const withOp = async () => {
  const repository = await newRepository()
  const { id } = await closeOne(await openWithLedger(repository.path))
  return { repository, id, other: join(await tempFolder(), 'other') }
}

describe('the user’s own git commands and the ledger', () => {
  it('log --all shows its commits', async () => {
    const { repository } = await withOp()
    expect(await repository.git('log', '--all', '--format=%s')).toContain('ledger: add 1 Op')
    expect(await repository.git('log', '--branches', '--format=%s')).not.toContain('ledger:')
  })

  it.each([
    ['clone', [], false],
    ['clone --bare', ['--bare'], false],
    ['clone --mirror', ['--mirror'], true],
  ])('%s copies it or not', async (_, options, isCopied) => {
    const { repository, other } = await withOp()
    await repository.git('clone', '--quiet', ...options, repository.path, other)
    expect((await ledgerRefs(repositoryAt(other))).length).toBe(isCopied ? 1 : 0)
  })

  it('push publishes it only with --mirror', async () => {
    const { repository, other } = await withOp()
    await repository.git('init', '--quiet', '--bare', other)
    for (const options of [['--all'], ['--tags']]) {
      await repository.git('push', '--quiet', ...options, other)
      expect(await ledgerRefs(repositoryAt(other))).toEqual([])
    }
    await repository.git('push', '--quiet', '--mirror', other)
    expect(await ledgerRefs(repositoryAt(other))).toEqual(await ledgerRefs(repository))
  })

  it('bundle --all contains it', async () => {
    const { repository, other } = await withOp()
    await repository.git('bundle', 'create', '--quiet', other, '--all')
    expect(await repository.git('bundle', 'list-heads', other)).toContain('refs/kitty/ops/')
  })

  it('gc keeps it, and packs its ref', async () => {
    const { repository, id } = await withOp()
    await repository.git('gc', '--quiet', '--prune=now')
    await rm(join(repository.path, '.git', 'logs', 'refs', 'kitty'), { recursive: true })
    const next = await closeOne(await openWithLedger(repository.path))
    expect(next.commit.ledger).toMatchObject({ status: 'committed' })
    expect(await opsInLedger(repository)).toEqual([id, next.id].toSorted())
  })

  it('a fetch that covers every ref rewinds it, and the next Op says so', async () => {
    const { repository, other } = await withOp()
    await repository.git('clone', '--quiet', '--mirror', repository.path, other)
    const ops = await openWithLedger(repository.path)
    await closeOne(ops)
    await repository.git('fetch', '--quiet', '--update-head-ok', other, '+refs/*:refs/*')
    const { commit } = await closeOne(ops)
    expect(commit.ledger).toMatchObject({ status: 'deferred', reason: 'ledger-rewound' })
  })
})

it('works with refs in a database (reftable)', async ({ skip }) => {
  const path = await tempFolder()
  const made = await tryGitIn(path, ['init', '--quiet', '--ref-format=reftable'])
  skip(made.exitCode !== 0, 'this git has no reftable')
  await configureRepository(path)
  const repository = repositoryAt(path)
  await repository.commit('First commit')
  const ops = await openWithLedger(path)
  const ids = [(await closeOne(ops)).id, (await closeOne(ops)).id]
  await expectOnce(repository, ids)
  expect(await opsInLedger(repository)).toEqual(ids.toSorted())
  await repository.git('update-ref', '-d', await onlyLedger(repository))
  expect((await closeOne(ops)).commit.ledger).toMatchObject({ reason: 'ledger-rewound' })
})
