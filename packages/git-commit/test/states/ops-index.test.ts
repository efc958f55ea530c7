import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { isGitOlder, newRepository, type Repository } from '@kitty/test-kit'
import type { Ops, OpsOptions } from '@kitty/writer'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HAS_LOCAL_INDEX } from '../support/local-index.js'
import { closeOne, storeAt } from '../support/ops.js'

const INDEX = 'kitty-ops/ops-index.jsonl'

const LINE = `/${INDEX}`

const exclude = ({ read }: Repository): Promise<string> => read('.git/info/exclude')

const isOnDisk = ({ path }: Repository): Promise<boolean> =>
  access(join(path, INDEX)).then(
    () => true,
    () => false,
  )

const isTracked = async ({ git }: Repository): Promise<boolean> =>
  (await git('ls-tree', '--name-only', 'HEAD', '--', INDEX)) !== ''

const rows = async ({ read }: Repository): Promise<number> =>
  (await read(INDEX)).trimEnd().split('\n').length

const TOO_OLD = 'git before 2.34 has no local index'

/** A new repository, and a store in it. */
const storeWith = async (more: Partial<OpsOptions> = {}) => {
  const repository = await newRepository()
  return { repository, ops: await storeAt(repository, {}, more) }
}

/** A store on a branch `with` that tracks the index, and a branch `without` that does not, which is checked out. */
const bothBranches = async () => {
  const { repository, ops } = await storeWith()
  await closeOne(ops)
  await repository.git('branch', 'without')
  await repository.git('switch', '--quiet', '--create', 'with')
  await closeOne(await storeAt(repository, {}, { commitOpsIndex: true }))
  await repository.git('switch', '--quiet', 'without')
  return { repository, ops }
}

describe('in a new store, the index', () => {
  it('is a local file that git does not see, with a row for each committed Op', async ({
    skip,
  }) => {
    skip(!HAS_LOCAL_INDEX, TOO_OLD)
    const { repository, ops } = await storeWith()
    for (let count = 1; count <= 3; count += 1) {
      await closeOne(ops)
      expect(await rows(repository)).toBe(count)
    }
    expect(await isTracked(repository)).toBe(false)
    expect(await repository.statusPorcelain()).toEqual([])
    expect((await exclude(repository)).split('\n').filter((line) => line === LINE)).toHaveLength(1)
  })

  it('is committed on request, and the line goes', async () => {
    const { repository, ops } = await storeWith()
    await closeOne(ops)
    await closeOne(await storeAt(repository, {}, { commitOpsIndex: true }))
    expect(await isTracked(repository)).toBe(true)
    expect((await exclude(repository)).split('\n')).not.toContain(LINE)
    await closeOne(ops)
    expect(await repository.git('show', `HEAD:${INDEX}`)).toBe(
      (await repository.read(INDEX)).trimEnd(),
    )
    expect(await rows(repository)).toBe(HAS_LOCAL_INDEX ? 3 : 2)
    expect(await repository.statusPorcelain()).toEqual([])
  })

  it('is not written where git would not overwrite it in a merge', async ({ skip }) => {
    skip(HAS_LOCAL_INDEX, 'only git before 2.34 refuses to overwrite an ignored file')
    const { repository, ops } = await storeWith()
    await closeOne(ops)
    expect(await isOnDisk(repository)).toBe(false)
  })

  it.each([
    ['exclude lines are off', { exclude: false }, undefined],
    ['a rule of the user shows it', {}, '!kitty-ops/**\n'],
  ])('is not written where %s', async (_, options, ignore) => {
    const { repository, ops } = await storeWith(options)
    if (ignore !== undefined) await repository.write('.gitignore', ignore)
    await closeOne(ops)
    await closeOne(ops)
    expect(await isOnDisk(repository)).toBe(false)
    if (ignore === undefined) await ops.reindex()
    expect(await isOnDisk(repository)).toBe(false)
  })

  it('is not written if the Op is not committed', async () => {
    const { repository, ops } = await storeWith()
    await repository.git('checkout', '--quiet', '--detach')
    await closeOne(ops)
    expect(await isOnDisk(repository)).toBe(false)
  })
})

describe('on a branch that tracks it, the index', () => {
  it('is neither written nor committed if that is turned off', async () => {
    const { repository } = await bothBranches()
    await repository.git('switch', '--quiet', 'with')
    const before = await repository.read(INDEX)
    await closeOne(await storeAt(repository, {}, { commitOpsIndex: false }))
    expect(await repository.read(INDEX)).toBe(before)
    expect(await repository.statusPorcelain()).toEqual([])
  })

  it('is unchanged if the Op is not committed', async () => {
    const { repository, ops } = await bothBranches()
    await repository.git('switch', '--quiet', 'with')
    await repository.git('checkout', '--quiet', '--detach')
    const before = await repository.read(INDEX)
    await closeOne(ops)
    expect(await repository.read(INDEX)).toBe(before)
    expect(await repository.git('diff', '--name-only')).toBe('')
  })

  it('is taken out of it in one commit of its own, and stays as a local file', async () => {
    const { repository, ops } = await bothBranches()
    await repository.git('switch', '--quiet', 'with')
    await repository.write('mine.txt', 'mine\n')
    await repository.git('add', 'mine.txt')
    const before = await repository.read(INDEX)
    expect(await ops.untrackIndex()).toEqual({
      status: 'committed',
      sha: await repository.head(),
    })
    expect((await repository.log())[0]).toBe(`chore(kitty-ops): untrack ${INDEX}`)
    expect(await repository.git('show', '--format=', '--name-status', 'HEAD')).toBe(`D\t${INDEX}`)
    expect(await repository.statusPorcelain()).toEqual(['A  mine.txt'])
    expect(await repository.read(INDEX)).toBe(before)
    expect(await ops.untrackIndex()).toMatchObject({ status: 'committed', earlier: true })
    await closeOne(ops)
    expect(await isTracked(repository)).toBe(false)
  })

  it('stays in it if nothing can be committed', async () => {
    const { repository, ops } = await bothBranches()
    await repository.git('switch', '--quiet', 'with')
    await repository.git('checkout', '--quiet', '--detach')
    const before = await repository.read(INDEX)
    expect(await ops.untrackIndex()).toMatchObject({ reason: 'detached-head' })
    expect(await repository.read(INDEX)).toBe(before)
    expect(await repository.statusPorcelain()).toEqual([])
  })
})

describe('a checkout', () => {
  it('is never blocked by the index, in either direction, with Ops closed on each branch', async () => {
    const { repository, ops } = await bothBranches()
    for (const branch of ['with', 'without', 'with', 'without', 'with']) {
      await repository.git('switch', '--quiet', branch)
      await closeOne(ops)
      expect(await isTracked(repository)).toBe(branch === 'with')
      expect(await isOnDisk(repository)).toBe(branch === 'with' || HAS_LOCAL_INDEX)
      expect(await repository.statusPorcelain()).toEqual([])
    }
  })

  it('is not blocked after an Op during a merge that brings the index in', async () => {
    const { repository, ops } = await bothBranches()
    await closeOne(ops)
    await repository.git('merge', '--quiet', '--no-commit', '--no-ff', 'with')
    await closeOne(ops)
    expect(await repository.git('diff', '--name-only')).toBe('')
    await repository.git('commit', '--quiet', '-m', 'Merged')
    await repository.git('switch', '--quiet', 'work')
    expect(await repository.statusPorcelain()).toEqual([])
  })
})

const STEPS = fc.array(fc.constantFrom('close', 'archive', 'step', 'error'), { maxLength: 4 })

const step = (number: number) =>
  ({
    agent: 'x',
    at: '2026-01-05T10:00:00.000Z',
    canonical_action_id: `step-${number}::run`,
    mission_id: '01KEXAMPKEM0000000000000AA',
    phase: 'started',
    reason: null,
    wp_id: 'WP01',
  }) as const

const live = async (ops: Ops, failing: Ops, steps: readonly string[]): Promise<void> => {
  for (const [number, name] of steps.entries()) {
    if (name === 'close') await closeOne(ops)
    if (name === 'archive') await ops.archive({ olderThanDays: 0 })
    if (name === 'step') await ops.lifecycle.append(step(number))
    if (name === 'error') await closeOne(failing)
  }
  await failing.flush()
}

it('two branches of a new store merge without attributes, whatever happened on each', async ({
  skip,
}) => {
  skip(isGitOlder('2.38'), 'git before 2.38 has no merge-tree --write-tree')
  const history = async (shared: string[], ours: string[], theirs: string[]): Promise<void> => {
    const { repository, ops } = await storeWith()
    const submit = () => Promise.reject(new Error('The other system is away.'))
    const failing = await storeAt(repository, {}, { propagator: { submit } })
    await live(ops, failing, shared)
    await repository.git('branch', 'theirs')
    await live(ops, failing, ours)
    await repository.git('switch', '--quiet', 'theirs')
    await live(ops, failing, theirs)
    const bare = `${repository.path}-bare.git`
    await repository.git('clone', '--quiet', '--bare', '.', bare)
    const merged = await repository.tryGit(
      '-C',
      bare,
      'merge-tree',
      '--write-tree',
      'work',
      'theirs',
    )
    expect(merged).toMatchObject({ exitCode: 0 })
  }
  await fc.assert(fc.asyncProperty(STEPS, STEPS, STEPS, history), { numRuns: 12, seed: 17 })
})
