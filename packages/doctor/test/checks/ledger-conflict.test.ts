import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { directGit, withLedger } from '@kitty/git-commit'
import { type Repository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import { doctorOps } from '../../src/index.js'
import { closedOp, newStore, request, type Store, storeAt } from '../support/store.js'

const strategy = withLedger(directGit())

const check = ({ ops }: Pick<Store, 'ops'>, fix = false) =>
  doctorOps({ ops, checks: ['ledger-conflict'], fix })

const ownRef = ({ path }: Repository): string =>
  `refs/kitty/ops/${readFileSync(join(path, '.git/kitty/writer'), 'utf8').trim()}`

/** An Op that was closed in the ledger of another clone, too, with another outcome; that ledger was fetched. */
const closedTwice = async () => {
  const store = await newStore(strategy)
  const { repository, ops } = store
  const op = await ops.start(request)
  const folder = await tempFolder()
  await repository.git('clone', '--quiet', repository.path, folder)
  const clone = repositoryAt(folder)
  await clone.git('config', 'user.name', 'Ursula')
  await clone.git('config', 'user.email', 'ursula@example.org')
  const record = await repository.read(op.path)
  const there = await storeAt(folder, { strategy })
  await clone.write(op.path, record)
  const { commit } = await there.complete(op.id, { outcome: 'failed' })
  expect(commit).toMatchObject({ ledger: { status: 'committed' } })
  const theirs = ownRef(clone)
  const fetched = theirs.replace('/ops/', '/remotes/origin/')
  await ops.complete(op.id, { outcome: 'done' })
  await repository.git('fetch', '--quiet', folder, `${theirs}:${fetched}`)
  return { ...store, op, fetched, own: ownRef(repository) }
}

it('one Op with two outcomes is an error that names each place, and is never fixed', async () => {
  const { op, fetched, own, repository, ...store } = await closedTwice()
  const before = await repository.git('for-each-ref')
  const { findings, healthy } = await check(store)
  expect(healthy).toBe(false)
  expect(findings).toMatchObject([
    { id: 'ledger-conflict', severity: 'error', invocation_id: op.id, fixable: false },
  ])
  expect(findings[0]?.message).toContain(`on disk (${op.path})`)
  expect(findings[0]?.message).toContain(`in a ledger from origin (${fetched})`)
  const shown = findings[0]?.next.find(({ verb }) => verb === 'git-show-object')?.sha ?? ''
  expect(await repository.git('show', shown)).toContain('"outcome":"failed"')
  expect(await check(store, true)).toMatchObject({ fixed: [], findings })
  expect(await repository.git('for-each-ref')).toBe(before)
  expect(await repository.git('rev-parse', own)).not.toBe('')
})

it('is found between HEAD and ledgers, too, if the record is not on disk', async () => {
  const { op, repository, ...store } = await closedTwice()
  await repository.git('sparse-checkout', 'set', '--no-cone', '/*', '!/kitty-ops/')
  const { findings } = await check(store)
  expect(findings[0]?.message).toContain(`in HEAD (${op.path})`)
  expect(findings[0]?.next[0]).toEqual({ verb: 'git-show', sha: 'HEAD', path: op.path })
})

it('between ledgers alone, both are named', async () => {
  const { fetched, own, repository, ...store } = await closedTwice()
  await repository.git('rm', '-rfq', 'kitty-ops')
  await repository.git('commit', '--quiet', '-m', 'Deleted on purpose')
  const { findings } = await check(store)
  expect(findings[0]?.message).toContain(own)
  expect(findings[0]?.message).toContain(fetched)
  const steps = findings[0]?.next ?? []
  expect(steps.map(({ verb }) => verb)).toEqual(['git-show-object', 'git-show-object'])
  const texts = await Promise.all(steps.map(({ sha = '' }) => repository.git('show', sha)))
  expect(new Set(texts).size).toBe(2)
})

it('what counts as no record is no conflict: an open one, one of another Op, the same bytes', async () => {
  const store = await newStore(strategy)
  const { repository, ops } = store
  const [op, other] = [await closedOp(ops), await closedOp(ops)]
  const own = ownRef(repository)
  const path = (await repository.git('ls-tree', '-r', '--name-only', own))
    .split('\n')
    .find((each) => each.includes(op.id))
  const bytes = await repository.read(op.path)
  const [started = ''] = bytes.split('\n')
  for (const text of [bytes, `${started}\n`, await repository.read(other.path), 'x']) {
    await repository.write('foreign.jsonl', text)
    const env = { GIT_INDEX_FILE: join(repository.path, '.git/foreign-index') }
    const blob = await repository.git('hash-object', '-w', 'foreign.jsonl')
    await repository.gitWith({ env }, 'read-tree', '--empty')
    const entry = `100644,${blob},${path}`
    await repository.gitWith({ env }, 'update-index', '--add', '--cacheinfo', entry)
    const tree = await repository.gitWith({ env }, 'write-tree')
    const commit = await repository.git('commit-tree', '-m', 'x', tree.stdout)
    const ref = 'refs/kitty/remotes/origin/01ARZ3NDEKTSV4RRFFQ69G5FAV'
    await repository.git('update-ref', ref, commit)
    expect((await check(store)).findings).toEqual([])
  }
})
