import { existsSync, readFileSync } from 'node:fs'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { directGit, ledger, withLedger } from '@kitty/git-commit'
import { newRepository, type Repository, repositoryAt, tempFolder, withEnv } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { type DoctorOptions, doctorOps } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { closedOp, newStore, request, type Store, storeAt } from '../support/store.js'

const newLedgerStore = () => newStore(withLedger(directGit()))

const writerOf = ({ path }: Repository): string =>
  readFileSync(join(path, '.git/kitty/writer'), 'utf8').trim()

const refOf = (repository: Repository): string => `refs/kitty/ops/${writerOf(repository)}`

const tipOf = ({ git }: Repository, ref: string): Promise<string> => git('rev-parse', ref)

const check = ({ ops }: Pick<Store, 'ops'>, id: string, options: Partial<DoctorOptions> = {}) =>
  doctorOps({ ops, checks: [id], ...options })

/** The ids of the Ops in a ledger. */
const idsIn = async ({ git }: Repository, ref: string): Promise<readonly string[]> =>
  (await git('ls-tree', '-r', '--name-only', ref))
    .split('\n')
    .flatMap((path) => /([0-9A-Z]{26})\.jsonl$/.exec(path)?.[1] ?? [])

const objectPath = ({ path }: Repository, id: string): string =>
  join(path, '.git/objects', id.slice(0, 2), id.slice(2))

const loseObject = (repository: Repository, id: string) =>
  rm(objectPath(repository, id), { force: true })

/** Makes an object empty, as a power loss does. */
const emptyObject = async (repository: Repository, id: string) => {
  await loseObject(repository, id)
  await writeFile(objectPath(repository, id), '')
}

it('a healthy ledger is no finding, also one with Ops that no branch has', async () => {
  const store = await newLedgerStore()
  await closedOp(store.ops)
  await store.repository.git('checkout', '--quiet', '-b', 'gone')
  const { id } = await closedOp(store.ops)
  await store.repository.git('checkout', '--quiet', 'work')
  await store.repository.git('branch', '-D', 'gone')
  expect(await idsIn(store.repository, refOf(store.repository))).toContain(id)
  const { findings } = await doctorOps({ ops: store.ops })
  expect(findings).toEqual([])
  await expectHealthy(store.ops)
})

describe('ledger-rewound', () => {
  const moves: readonly (readonly [string, (store: Store, first: string) => Promise<unknown>])[] = [
    [
      'moved back',
      ({ repository }, first) => repository.git('update-ref', refOf(repository), first),
    ],
    ['moved aside', ({ repository }) => repository.git('update-ref', refOf(repository), 'HEAD')],
    ['removed', ({ repository }) => repository.git('update-ref', '-d', refOf(repository))],
  ]

  it.each(moves)(
    '%s: found, not fixed by --fix alone, and ended by moving it back',
    async (_, move) => {
      const store = await newLedgerStore()
      const { ops, repository } = store
      await closedOp(ops)
      const ref = refOf(repository)
      const first = await tipOf(repository, ref)
      await closedOp(ops)
      const noted = await tipOf(repository, ref)
      await move(store, first)
      const before = await doctorOps({ ops })
      const found = before.findings.find(({ id }) => id === 'ledger-rewound')
      expect(before.healthy).toBe(false)
      expect(found).toMatchObject({ severity: 'error', fixable: false })
      expect(found?.message).toContain(ref)
      expect(found?.next).toContainEqual({ verb: 'git-update-ref', path: ref, sha: noted })
      expect(found?.next).toContainEqual({ verb: 'fix-check', path: 'ledger-rewound' })
      const refs = await repository.git('for-each-ref')
      const fixed = await doctorOps({ ops, fix: true })
      expect(fixed.fixed.filter(({ id }) => id === 'ledger-rewound')).toEqual([])
      expect(fixed.findings).toContainEqual(found)
      expect(await repository.git('for-each-ref')).toBe(refs)
      const later = await ops.start(request)
      const { commit } = await ops.complete(later.id, { outcome: 'done' })
      expect(commit.ledger).toMatchObject({ status: 'deferred', reason: 'ledger-rewound' })
      await repository.git('update-ref', ref, noted)
      expect((await check(store, 'ledger-rewound')).findings).toEqual([])
      await ops.flush()
      expect(await idsIn(repository, ref)).toContain(later.id)
    },
  )

  it.each(moves)('%s: the selected fix takes a new writer', async (_, move) => {
    const store = await newLedgerStore()
    const { ops, repository } = store
    await closedOp(ops)
    const old = refOf(repository)
    const first = await tipOf(repository, old)
    await closedOp(ops)
    await move(store, first)
    const left = await repository.tryGit('rev-parse', '--verify', '--quiet', old)
    expect((await check(store, 'ledger-rewound')).findings).toMatchObject([{ fixable: true }])
    const plan = await check(store, 'ledger-rewound', { fix: true, dryRun: true })
    expect(plan.fixed).toMatchObject([{ done: false }])
    expect(refOf(repository)).toBe(old)
    const { fixed, findings } = await check(store, 'ledger-rewound', { fix: true })
    expect(fixed).toMatchObject([{ id: 'ledger-rewound', done: true }])
    expect(findings).toEqual([])
    const now = refOf(repository)
    expect(now).not.toBe(old)
    expect(await repository.git('for-each-ref', '--format=%(refname)', old)).toBe('')
    const tip = await repository.git('for-each-ref', '--format=%(objectname)', now)
    expect(tip).toBe(left.stdout.trim())
    const { id } = await closedOp(ops)
    expect(await idsIn(repository, now)).toContain(id)
    await expectHealthy(ops)
  })

  it('says that the noted commit is gone, if git has removed it', async () => {
    const store = await newLedgerStore()
    const { ops, repository } = store
    await closedOp(ops)
    const ref = refOf(repository)
    const first = await tipOf(repository, ref)
    await closedOp(ops)
    const noted = await tipOf(repository, ref)
    await repository.git('update-ref', ref, first)
    await loseObject(repository, noted)
    const [found] = (await check(store, 'ledger-rewound')).findings
    expect(found?.next.map(({ verb }) => verb)).toEqual(['git-reflog', 'fix-check'])
    expect(found?.message).toContain('cannot be moved back')
  })

  it('is not found while another process adds Ops', async () => {
    const store = await newLedgerStore()
    await closedOp(store.ops)
    const adding = Promise.all(Array.from({ length: 8 }, () => closedOp(store.ops)))
    const other = await storeAt(store.repository.path, { strategy: withLedger(directGit()) })
    for (let times = 0; times < 5; times += 1) {
      expect((await check({ ops: other }, 'ledger-rewound')).findings).toEqual([])
    }
    await adding
  })
})

describe('ledger-damaged', () => {
  const damages: readonly (readonly [
    string,
    (repository: Repository, id: string) => Promise<unknown>,
  ])[] = [
    ['missing', loseObject],
    ['empty', emptyObject],
  ]

  describe.each(damages)('%s', (_, damage) => {
    it.each(['', '^{tree}', ':DAY', ':RECORD'])(
      'object of the tip (%s): the fix repairs it',
      async (what) => {
        const store = await newLedgerStore()
        const { ops, repository } = store
        const ids = [(await closedOp(ops)).id]
        ids.push((await closedOp(ops)).id)
        const ref = refOf(repository)
        const paths = (await repository.git('ls-tree', '-r', '--name-only', ref)).split('\n')
        const record = paths.find((path) => path.endsWith(`${ids[1]}.jsonl`)) ?? ''
        const day = record.slice(0, record.lastIndexOf('/'))
        const object = `${ref}${what.replace('DAY', day).replace('RECORD', record)}`
        await damage(repository, await repository.git('rev-parse', object))
        const { findings, healthy } = await check(store, 'ledger-damaged')
        expect(healthy).toBe(false)
        expect(findings).toMatchObject([
          { severity: 'error', fixable: true, next: [{ verb: 'fix' }] },
        ])
        const fixed = await check(store, 'ledger-damaged', { fix: true })
        expect(fixed.fixed).toMatchObject([{ done: true }])
        expect(fixed.findings).toEqual([])
        expect([...(await idsIn(repository, ref))].sort()).toEqual(ids.sort())
        await repository.git('rev-list', '--objects', ref)
        await closedOp(ops)
        await expectHealthy(ops)
      },
    )
  })

  it('a ref whose file is empty is damaged, not rewound, and the fix restores it', async () => {
    const store = await newLedgerStore()
    const { repository } = store
    await closedOp(store.ops)
    const ref = refOf(repository)
    const tip = await tipOf(repository, ref)
    await repository.write(`.git/${ref}`, '')
    const { findings } = await doctorOps({ ops: store.ops })
    expect(findings).toMatchObject([
      { id: 'ledger-damaged', severity: 'error', fixable: true, next: [{ verb: 'fix' }] },
    ])
    const { fixed } = await check(store, 'ledger-damaged', { fix: true })
    expect(fixed).toMatchObject([{ done: true }])
    expect(await tipOf(repository, ref)).toBe(tip)
    await expectHealthy(store.ops)
  })

  it('in its history is found and repaired with --deep', async () => {
    const store = await newLedgerStore()
    const { ops, repository } = store
    await closedOp(ops)
    const ref = refOf(repository)
    await closedOp(ops)
    const tip = await tipOf(repository, ref)
    const old = await repository.git('rev-parse', `${ref}~1^{tree}`)
    await loseObject(repository, old)
    expect((await check(store, 'ledger-damaged')).findings).toEqual([])
    expect((await check(store, 'ledger-damaged', { deep: true })).findings).toMatchObject([
      { fixable: true, next: [{ verb: 'fix-deep' }] },
    ])
    const ids = await idsIn(repository, ref)
    const { fixed, findings } = await check(store, 'ledger-damaged', { deep: true, fix: true })
    expect(fixed).toMatchObject([{ done: true }])
    expect(findings).toEqual([])
    expect([...(await idsIn(repository, ref))].sort()).toEqual([...ids].sort())
    expect(await tipOf(repository, ref)).not.toBe(tip)
  })

  it('keeps what only the damaged commits hold, as far as it can be read', async () => {
    const store = await newLedgerStore()
    const { ops, repository } = store
    const [first, second, third] = [await closedOp(ops), await closedOp(ops), await closedOp(ops)]
    const ref = refOf(repository)
    const paths = (await repository.git('ls-tree', '-r', '--name-only', ref)).split('\n')
    const record = paths.find((path) => path.includes(third.id)) ?? ''
    await repository.git('checkout', '--quiet', '--orphan', 'empty')
    await repository.git('rm', '-rfq', '.')
    await repository.write('x', 'x')
    await repository.commit('Nothing')
    await repository.git('branch', '-D', 'work')
    await repository.git('reflog', 'expire', '--expire=all', '--all')
    await loseObject(repository, await repository.git('rev-parse', `${ref}:${record}`))
    const { fixed } = await check(store, 'ledger-damaged', { fix: true })
    expect(fixed).toMatchObject([{ done: true }])
    expect([...(await idsIn(repository, ref))].sort()).toEqual([first.id, second.id].sort())
    expect(existsSync(join(repository.path, first.path))).toBe(false)
  })
})

describe('ledger-refspec', () => {
  const found = async (store: Store) =>
    (await check(store, 'ledger-refspec')).findings.map(({ message, next }) => ({ message, next }))

  const withRemote = async () => {
    const store = await newLedgerStore()
    await closedOp(store.ops)
    const server = await tempFolder()
    await repositoryAt(server).git('init', '--quiet', '--bare')
    await store.repository.git('remote', 'add', 'origin', server)
    return store
  }

  const setFetch = async ({ repository }: Store, ...values: readonly string[]) => {
    await repository.git('config', '--unset-all', 'remote.origin.fetch')
    for (const value of values) {
      await repository.git('config', '--add', 'remote.origin.fetch', value)
    }
  }

  it.each([
    [['+refs/*:refs/*'], true],
    [['refs/*:refs/*'], true],
    [['+refs/kitty/*:refs/kitty/*'], true],
    [['+refs/k*:refs/k*'], true],
    [['+refs/kitty/ops/*:refs/kitty/ops/*'], true],
    [['+refs/kitty/ops/WRITER:refs/kitty/ops/WRITER'], true],
    [['+refs/*/WRITER:refs/*/WRITER'], true],
    [['+refs/heads/main:refs/kitty/ops/WRITER'], true],
    [['+*:*'], true],
    [['+refs/heads/*:refs/remotes/origin/*', '+refs/*:refs/*'], true],
    [['+refs/*:refs/*', '^refs/kitty/other/*'], true],
    [['+refs/*:refs/*', '^refs/kitty/*'], false],
    [['^refs/kitty/*', '+refs/*:refs/*'], false],
    [['+refs/*:refs/*', '^refs/kitty/ops/WRITER'], false],
    [['+refs/backup/*:refs/*', '^refs/kitty/*'], true],
    [['+refs/backup/*:refs/*', '^refs/backup/kitty/*'], false],
    [['+refs/heads/*:refs/remotes/origin/*'], false],
    [['+refs/*:refs/remotes/origin/*'], false],
    [['refs/kitty/ops/*:refs/kitty/remotes/origin/*'], false],
    [
      ['+refs/kitty/ops/01ARZ3NDEKTSV4RRFFQ69G5FAV:refs/kitty/ops/01ARZ3NDEKTSV4RRFFQ69G5FAV'],
      false,
    ],
    [['+refs/*/x:refs/*/x'], false],
    [['refs/*'], false],
    [['refs/kitty/*:'], false],
  ] as const)('%j: %s', async (values, isCovered) => {
    const store = await withRemote()
    const { repository } = store
    const writer = writerOf(repository)
    await setFetch(store, ...values.map((value) => value.replaceAll('WRITER', writer)))
    expect((await found(store)).length > 0).toBe(isCovered)
  })

  it('a plain fetch would rewind the ledger, and no longer after the named step', async () => {
    const store = await withRemote()
    const { repository, ops } = store
    await setFetch(store, '+refs/*:refs/*', '^refs/heads/*')
    const ref = refOf(repository)
    await repository.git('push', '--quiet', 'origin', `${ref}:${ref}`)
    const before = await tipOf(repository, ref)
    await closedOp(ops)
    const after = await tipOf(repository, ref)
    const config = await repository.read('.git/config')
    const [finding] = (await check(store, 'ledger-refspec', { fix: true })).findings
    expect(finding).toMatchObject({
      severity: 'warning',
      fixable: false,
      path: '.git/config',
      next: [{ verb: 'git-config-add', path: 'remote.origin.fetch', to: '^refs/kitty/*' }],
    })
    expect(await repository.read('.git/config')).toBe(config)
    await repository.git('fetch', '--quiet', 'origin')
    expect(await tipOf(repository, ref)).toBe(before)
    await repository.git('update-ref', ref, after)
    await repository.git('config', '--add', 'remote.origin.fetch', '^refs/kitty/*')
    expect(await found(store)).toEqual([])
    await repository.git('fetch', '--quiet', 'origin')
    expect(await tipOf(repository, ref)).toBe(after)
  })

  it.each([
    ['true', true],
    ['yes', true],
    ['1', true],
    ['false', false],
    ['0', false],
    ['', false],
  ])('mirror = %s: %s', async (value, isCovered) => {
    const store = await withRemote()
    await store.repository.git('config', 'remote.origin.mirror', value)
    const findings = await found(store)
    expect(findings.length > 0).toBe(isCovered)
    if (isCovered) expect(findings[0]?.message).toContain('remote.origin.mirror in .git/config')
  })

  it('the last of several values of mirror decides; one without a value is true', async () => {
    const store = await withRemote()
    const config = await store.repository.read('.git/config')
    await store.repository.write('.git/config', `${config}[remote "origin"]\n\tmirror\n`)
    expect(await found(store)).toHaveLength(1)
    await store.repository.git('config', '--add', 'remote.origin.mirror', 'false')
    expect(await found(store)).toEqual([])
  })

  it('is found in an included file, in the configuration of a work tree, and under any name', async () => {
    const store = await withRemote()
    const { repository } = store
    const setting = '[remote "a.b $& c"]\n\turl = x\n\tfetch = +refs/*:refs/*\n'
    await repository.write('.git/more', setting)
    await repository.git('config', 'include.path', 'more')
    const [included] = (await check(store, 'ledger-refspec')).findings
    expect(included).toMatchObject({ path: '.git/more' })
    expect(included?.message).toContain('the remote a.b $& c')
    await repository.git('config', '--unset', 'include.path')
    expect(await found(store)).toEqual([])
    await repository.git('config', 'extensions.worktreeConfig', 'true')
    await repository.git('config', '--worktree', '--add', 'remote.origin.fetch', '+refs/*:refs/*')
    expect((await check(store, 'ledger-refspec')).findings).toMatchObject([
      { path: '.git/config.worktree' },
    ])
  })

  it('is not looked for in a clone without a ledger', async () => {
    const repository = await newRepository()
    await repository.git('config', 'remote.origin.fetch', '+refs/*:refs/*')
    const ops = await storeAt(repository.path)
    expect((await check({ ops }, 'ledger-refspec')).findings).toEqual([])
  })
})

/** A clone of a repository with a ledger, the ref of that ledger, and the ref under which the clone fetches it. */
const cloneOfLedger = async () => {
  const { repository, ops } = await newLedgerStore()
  await closedOp(ops)
  const folder = await tempFolder()
  await repository.git('clone', '--quiet', repository.path, folder)
  const own = refOf(repository)
  const fetched = own.replace('/ops/', '/remotes/origin/')
  return { clone: repositoryAt(folder), folder, own, fetched }
}

describe('a fetched ledger that is damaged', () => {
  it('is named with its remote, and fetched again by the named steps', async () => {
    const { clone, folder, own, fetched } = await cloneOfLedger()
    await clone.git('fetch', '--quiet', 'origin', `${own}:${fetched}`)
    const there = await storeAt(folder)
    expect((await check({ ops: there }, 'ledger-damaged')).findings).toEqual([])
    await loseObject(clone, await clone.git('rev-parse', `${fetched}^{tree}`))
    const { findings } = await check({ ops: there }, 'ledger-damaged', { fix: true })
    expect(findings).toMatchObject([
      {
        severity: 'error',
        fixable: false,
        next: [
          { verb: 'git-delete-ref', path: fetched },
          { verb: 'git-fetch', path: 'origin', to: `${own}:${fetched}` },
        ],
      },
    ])
    expect(findings[0]?.message).toContain('fetched from origin')
    await clone.git('update-ref', '-d', fetched)
    await clone.git('fetch', '--quiet', 'origin', `${own}:${fetched}`)
    expect((await check({ ops: there }, 'ledger-damaged')).findings).toEqual([])
  })
})

describe('the repair of a ledger', () => {
  it('leaves out the evidence that the configured limit leaves out', async () => {
    const store = await newStore(withLedger(directGit(), ledger({ evidenceLimit: 4 })))
    const { repository, ops } = store
    const { id } = await ops.start(request)
    await repository.write('small.txt', 'abc')
    await repository.write('large.txt', 'abcdefgh')
    await ops.complete(id, { outcome: 'done', evidence: 'large.txt' })
    const other = await ops.start(request)
    await ops.complete(other.id, { outcome: 'done', evidence: 'small.txt' })
    const ref = refOf(repository)
    const before = await repository.git('ls-tree', '-r', '--name-only', ref)
    expect(before).toContain('small.txt')
    expect(before).not.toContain('large.txt')
    await loseObject(repository, await tipOf(repository, `${ref}~1^{tree}`))
    await loseObject(repository, await tipOf(repository, `${ref}^{tree}`))
    const { fixed } = await check(store, 'ledger-damaged', { fix: true, deep: true })
    expect(fixed).toMatchObject([{ done: true }])
    expect(await repository.git('ls-tree', '-r', '--name-only', ref)).toBe(before)
  })
})

describe('a fetched ledger whose ref has a broken file', () => {
  it.each(['', 'garbage\n', '\0'.repeat(41)])('is removed by the fix: %j', async (text) => {
    const { clone, folder, own, fetched } = await cloneOfLedger()
    await clone.write(`.git/${fetched}`, text)
    // Git can neither delete it nor fetch over it.
    expect((await clone.tryGit('update-ref', '-d', fetched)).exitCode).not.toBe(0)
    expect((await clone.tryGit('fetch', 'origin', `+${own}:${fetched}`)).exitCode).not.toBe(0)
    const there = await storeAt(folder)
    const planned = await check({ ops: there }, 'ledger-damaged', { fix: true, dryRun: true })
    expect(planned.findings).toMatchObject([{ path: `.git/${fetched}`, fixable: true }])
    expect(planned.fixed[0]?.message).toContain(fetched)
    const { findings, fixed } = await check({ ops: there }, 'ledger-damaged', { fix: true })
    expect(findings).toEqual([])
    expect(fixed).toMatchObject([{ done: true }])
    await clone.git('fetch', '--quiet', 'origin', `${own}:${fetched}`)
    expect((await check({ ops: there }, 'ledger-damaged')).findings).toEqual([])
  })
})

describe('a refspec by which a push publishes the ledger', () => {
  it.each([
    ['refs/*:refs/*', true],
    ['+refs/*:refs/*', true],
    ['refs/heads/*:refs/heads/*', false],
    [':', false],
    ['HEAD', false],
    // Who names ledgers means them.
    ['refs/kitty/ops/*:refs/kitty/ops/*', false],
  ])('%s: %s', async (refspec, isCovered) => {
    const store = await newLedgerStore()
    const { repository, ops } = store
    await closedOp(ops)
    const server = await tempFolder()
    await repository.git('init', '--quiet', '--bare', server)
    await repository.git('remote', 'add', 'server', server)
    await repository.git('config', 'remote.server.push', refspec)
    const { findings } = await check(store, 'ledger-refspec')
    expect(findings.length > 0).toBe(isCovered)
    if (!isCovered) return
    expect(findings[0]?.next).toEqual([
      { verb: 'git-config-add', path: 'remote.server.push', to: '^refs/kitty/*' },
    ])
    await repository.git('config', '--add', 'remote.server.push', '^refs/kitty/*')
    expect((await check(store, 'ledger-refspec')).findings).toEqual([])
    await repository.git('push', '--quiet', 'server')
    expect(await repositoryAt(server).git('for-each-ref', 'refs/kitty')).toBe('')
  })
})

/** How many git processes the doctor starts, as git traces them. */
const gitsOf = async (ops: Store['ops'], checks: readonly string[]): Promise<number> => {
  const [home, traces] = [await tempFolder(), await tempFolder()]
  // This software passes no variable of git's tracing on.
  const config = join(home, '.gitconfig')
  await writeFile(config, `[trace2]\n\teventTarget = ${traces.replaceAll('\\', '/')}\n`)
  await withEnv({ HOME: home, GIT_CONFIG_GLOBAL: config }, () => doctorOps({ ops, checks }))
  return (await readdir(traces)).length
}

it('without ledgers, the checks of the ledger start one git, and none outside git', async () => {
  const names = ['ledger-rewound', 'ledger-damaged', 'ledger-conflict', 'ledger-refspec']
  const { ops } = await newStore()
  await closedOp(ops)
  const before = await gitsOf(ops, ['home-path'])
  expect(await gitsOf(ops, ['home-path', ...names])).toBe(before + 1)
  const outside = await storeAt(await tempFolder())
  await closedOp(outside)
  expect(await gitsOf(outside, names)).toBe(0)
})
