import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { directGit } from '../../src/direct-git.js'
import { safeCommitGuard } from '../../src/guard/safe-commit-guard.js'
import { ledger } from '../../src/ledger/ledger.js'
import { withLedger } from '../../src/ledger/with-ledger.js'
import {
  ledgerPaths,
  ledgerRefs,
  onlyLedger,
  openWithLedger,
  opsInLedger,
} from '../support/ledger.js'
import { PLACES } from '../support/places.js'
import { closeOne, DONE, expectOnce, openIn, REQUEST } from '../support/store.js'
import { withEnv } from '../support/with-env.js'

const dayOf = (): string =>
  new Date()
    .toISOString()
    .slice(0, 10)
    .replace(/-(\d\d)$/, '/$1')

describe('a closed Op in the ledger', () => {
  it('is at the path of its day, with its bytes, in a commit that no search for Ops finds', async () => {
    const repository = await newRepository()
    const before = dayOf()
    const { id, path, commit } = await closeOne(await openWithLedger(repository.path))
    expect([before, dayOf()].map((day) => `${day}/${id}.jsonl`)).toContain(
      (await ledgerPaths(repository))[0],
    )
    const ref = await onlyLedger(repository)
    const tip = await repository.git('rev-parse', ref)
    expect(commit).toMatchObject({ status: 'committed', ledger: { status: 'committed', sha: tip } })
    const [inLedger = ''] = await ledgerPaths(repository)
    expect(`${await repository.git('show', `${ref}:${inLedger}`)}\n`).toBe(
      await repository.read(path),
    )
    expect(await repository.git('log', '--all', '--format=%s', '--grep=^op(')).toContain('op(')
    const all = await repository.git('log', '--all', '--format=%H', '--grep=^op(')
    expect(all.split('\n')).toEqual([await repository.head()])
    expect(await repository.git('log', '--format=%(trailers:key=Op-Id)', ref)).toBe('')
    expect(await repository.git('reflog', 'show', '--format=%H', ref)).toBe(tip)
  })

  it('shares one commit with the others of its batch', async () => {
    const repository = await newRepository()
    const ops = await openWithLedger(repository.path)
    const started = await Promise.all(Array.from({ length: 5 }, () => ops.start(REQUEST)))
    await Promise.all(started.map(({ id }) => ops.complete(id, DONE)))
    const ids = started.map(({ id }) => id)
    await expectOnce(repository, ids)
    expect(await opsInLedger(repository)).toEqual(ids.toSorted())
    const count = await repository.git('rev-list', '--count', await onlyLedger(repository))
    expect(Number(count)).toBeLessThan(5)
  })

  it('has its evidence beside it, except what is above the limit', async () => {
    const repository = await newRepository()
    const strategy = withLedger(directGit(), ledger({ evidenceLimit: 100 }))
    const ops = await openIn(repository.path, { strategy })
    await writeFile(join(repository.path, 'small.log'), 'small\n')
    await writeFile(join(repository.path, 'large.log'), 'x'.repeat(101))
    const close = async (evidence: string) => {
      const { id } = await ops.start({ ...REQUEST, mode_of_work: 'task_execution' })
      return ops.complete(id, { ...DONE, evidence })
    }
    const small = await close('small.log')
    const large = await close('large.log')
    const paths = await ledgerPaths(repository)
    const ofSmall = paths.filter((path) => path.includes(small.id))
    expect(ofSmall.map((path) => path.slice(path.indexOf(small.id)))).toEqual([
      `${small.id}.jsonl`,
      `${small.id}/small.log`,
    ])
    expect(paths.filter((path) => path.includes(large.id))).toHaveLength(1)
    expect(large.commit).toMatchObject({ notes: [expect.stringContaining('is not in the ledger')] })
  })

  it('needs no identity', async () => {
    const repository = await newRepository()
    for (const name of ['name', 'email']) await repository.git('config', `user.${name}`, '')
    await repository.git('config', 'user.useConfigOnly', 'true')
    const env = { GIT_CONFIG_GLOBAL: '/dev/null', HOME: await tempFolder() }
    const { commit } = await withEnv(env, async () =>
      closeOne(await openWithLedger(repository.path)),
    )
    expect(commit).toMatchObject({
      status: 'failed',
      code: 'NO_IDENTITY',
      ledger: { status: 'committed' },
    })
    const ref = await onlyLedger(repository)
    const writer = ref.split('/').at(-1)
    expect(await repository.git('log', '--format=%an <%ae>', ref)).toBe(
      `spec-kitty <${writer}@kitty.invalid>`,
    )
  })

  it.each(Object.entries(PLACES))('works in %s', async (_, make) => {
    const repository = await make()
    const ops = await openWithLedger(repository.path)
    const ids = [(await closeOne(ops)).id, (await closeOne(ops)).id]
    expect(await opsInLedger(repository)).toEqual(ids.toSorted())
    expect(await ops.pending()).toEqual([])
  })
})

describe('the writer', () => {
  it('is one for all work trees of a clone', async () => {
    const repository = await newRepository()
    const linked = join(await tempFolder(), 'linked')
    await repository.git('worktree', 'add', '--quiet', linked)
    const ids = []
    for (const path of [repository.path, linked])
      ids.push((await closeOne(await openWithLedger(path))).id)
    expect(await opsInLedger(repository)).toEqual(ids.toSorted())
    const writer = (await readFile(join(repository.path, '.git', 'kitty', 'writer'), 'utf8')).trim()
    expect(await ledgerRefs(repository)).toEqual([`refs/kitty/ops/${writer}`])
  })
})

describe('one home without the other', () => {
  it('an Op that the guard refuses is settled, hidden, and in no other branch', async () => {
    const repository = await newRepository()
    await repository.git('branch', '--move', 'main')
    const strategy = withLedger(safeCommitGuard(directGit()))
    const ops = await openIn(repository.path, { strategy })
    const refused = await closeOne(ops)
    expect(refused.commit).toMatchObject({
      status: 'refused',
      code: 'PROTECTED_BRANCH',
      ledger: { status: 'committed' },
    })
    expect(await ops.pending()).toEqual([])
    expect(await repository.statusPorcelain()).toEqual([])
    await repository.git('switch', '--quiet', '--create', 'feature')
    const next = await closeOne(ops)
    await expectOnce(repository, [next.id])
    expect(await opsInLedger(repository)).toEqual([refused.id, next.id].toSorted())
  })

  it('an Op on a detached HEAD is in the ledger at once, and in the branch later', async () => {
    const repository = await newRepository()
    await repository.git('checkout', '--quiet', '--detach')
    const ops = await openWithLedger(repository.path)
    const { id, commit } = await closeOne(ops)
    expect(commit).toMatchObject({ reason: 'detached-head', ledger: { status: 'committed' } })
    expect((await ops.pending()).map((intent) => intent.id)).toEqual([id])
    await repository.git('checkout', '--quiet', 'work')
    const next = await closeOne(ops)
    await expectOnce(repository, [id, next.id])
    expect(await opsInLedger(repository)).toEqual([id, next.id].toSorted())
    expect(await ops.pending()).toEqual([])
  })

  it.each([
    ['the branch', 'refs/heads/work'],
    ['the ledger', undefined],
  ])(
    'a lock that another git left on the ref of %s keeps the Op out of that one only',
    async (_, ref) => {
      const repository = await newRepository()
      const ops = await openWithLedger(repository.path)
      const first = await closeOne(ops)
      const lock = join(repository.path, '.git', `${ref ?? (await onlyLedger(repository))}.lock`)
      await writeFile(lock, '')
      const { id, commit } = await closeOne(ops)
      const [branch, kept] = [commit.status, commit.ledger?.status]
      expect([branch, kept]).toEqual(
        ref === undefined ? ['committed', 'deferred'] : ['deferred', 'committed'],
      )
      expect((await ops.pending()).map((intent) => intent.id)).toEqual([id])
      await rm(lock)
      await ops.flush()
      expect(await ops.pending()).toEqual([])
      await expectOnce(repository, [first.id, id])
      expect(await opsInLedger(repository)).toEqual([first.id, id].toSorted())
    },
  )

  it('alone, it changes nothing else, and hides all records with one line', async () => {
    const repository = await newRepository()
    const ops = await openIn(repository.path, { strategy: ledger() })
    const before = [await repository.head(), await repository.indexBytes()]
    const ids = [(await closeOne(ops)).id, (await closeOne(ops)).id]
    await ops.start(REQUEST)
    expect([await repository.head(), await repository.indexBytes()]).toEqual(before)
    expect(await repository.statusPorcelain()).toEqual([])
    const lines = (await repository.read('.git/info/exclude')).split('\n').filter(Boolean)
    expect(lines.filter((line) => line.startsWith('/'))).toEqual([
      `/kitty-ops/[0-7]${'?'.repeat(25)}.jsonl`,
    ])
    expect(await opsInLedger(repository)).toEqual(ids.toSorted())
    const direct = await openWithLedger(repository.path)
    await closeOne(direct)
    expect((await repository.read('.git/info/exclude')).includes('\n/kitty-ops/[')).toBe(false)
  })

  it('an Op that was closed without it joins it once it is pending', async () => {
    const repository = await newRepository()
    await repository.git('checkout', '--quiet', '--detach')
    const { id } = await closeOne(await openIn(repository.path))
    await repository.git('checkout', '--quiet', 'work')
    await (await openWithLedger(repository.path)).flush()
    await expectOnce(repository, [id])
    expect(await opsInLedger(repository)).toEqual([id])
  })
})

describe('a strategy with a ledger', () => {
  it('keeps what it is', async () => {
    const inner = directGit({ detached: 'commit' })
    const both = withLedger(inner)
    expect([both.name, both.options, both.home]).toEqual([inner.name, inner.options, inner.home])
    expect(both.ledger).toMatchObject({ name: 'ledger', home: 'ref' })
  })

  it('waits for the ledger even if the strategy throws', async () => {
    const repository = await newRepository()
    const broken = { name: 'broken', commit: () => Promise.reject(new Error('a bug')) }
    const ops = await openIn(repository.path, { strategy: withLedger(broken) })
    const { id, commit } = await closeOne(ops)
    expect(commit).toMatchObject({ status: 'failed', code: 'STRATEGY_BROKEN' })
    expect(await opsInLedger(repository)).toEqual([id])
  })

  it('says nothing about a ledger outside a repository', async () => {
    const { commit } = await closeOne(await openWithLedger(await tempFolder()))
    expect(commit).toEqual({ status: 'skipped', reason: 'no-repository' })
  })
})
