import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { directGit, safeCommitGuard } from '@kitty/git-commit'
import { type LifecycleEvent, newOpId, type OpId, parseIndexRow } from '@kitty/record'
import { isGitOlder } from '@kitty/test-kit'
import type { Ops } from '@kitty/writer'
import { archivedPath, recordPath } from '@kitty/writer/internals'
import { beforeEach, describe, expect, it } from 'vitest'
import { verify } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { closedOp, newStore, type Store, storeAt } from '../support/store.js'

const step = (wp: string): LifecycleEvent => ({
  agent: 'claude',
  at: '2026-01-02T03:04:05.000Z',
  canonical_action_id: `plan::${wp}`,
  mission_id: '01K6ZP4W3M8Q2V5X7Y9A1B3C5D',
  phase: 'started',
  reason: null,
  wp_id: wp,
})

const archiveAll = (ops: Ops) => ops.archive({ olderThanDays: 0 })

const close = async (ops: Ops): Promise<OpId> => (await closedOp(ops)).id

/** Where the records of these Ops are, `hot` or `archived`; both where one is doubled. */
const placesOf = ({ repository }: Store, ids: readonly OpId[]): readonly string[] =>
  ids.map((id) =>
    [
      ...(existsSync(join(repository.path, recordPath(id))) ? ['hot'] : []),
      ...(existsSync(join(repository.path, archivedPath(id))) ? ['archived'] : []),
    ].join(' and '),
  )

/** Lets two branches work apart from each other, merges them, and wants no conflict. */
const apart = async (
  { repository }: Store,
  theirs: () => Promise<unknown>,
  ours: () => Promise<unknown>,
): Promise<void> => {
  await repository.git('checkout', '--quiet', '-b', 'side')
  await theirs()
  await repository.git('checkout', '--quiet', 'work')
  await ours()
  await repository.git('merge', '--quiet', '--no-edit', 'side')
}

const expectWhole = async ({ repository, ops }: Store, ids: readonly OpId[]): Promise<void> => {
  expect((await ops.list()).map(({ invocation_id }) => invocation_id).sort()).toEqual(
    [...ids].sort(),
  )
  expect(await repository.statusPorcelain()).toEqual([])
  expect(await verify({ root: repository.path })).toMatchObject({ ok: true, violations: [] })
  await expectHealthy(ops)
}

describe('two branches merge', () => {
  let store: Store
  let [first, second]: OpId[] = []

  beforeEach(async () => {
    store = await newStore()
    first = await close(store.ops)
    second = await close(store.ops)
  })

  const ids = () => [first, second].filter((id) => id !== undefined)

  it('that archived the same Ops', async () => {
    await apart(
      store,
      () => archiveAll(store.ops),
      () => archiveAll(store.ops),
    )
    expect(placesOf(store, ids())).toEqual(['archived', 'archived'])
    await expectWhole(store, ids())
  })

  it('that archived different Ops', async () => {
    const more: OpId[] = []
    const work = async () => {
      more.push(await close(store.ops))
      await archiveAll(store.ops)
    }
    await apart(store, work, () => store.ops.archive({ olderThanDays: 0, keep: 1 }))
    expect(placesOf(store, [...ids(), ...more])).toEqual(['archived', 'archived', 'archived'])
    await expectWhole(store, [...ids(), ...more])
  })

  it('where one closed an Op while the other archived', async () => {
    const more: OpId[] = []
    await apart(
      store,
      () => archiveAll(store.ops),
      async () => more.push(await close(store.ops)),
    )
    expect(placesOf(store, [...ids(), ...more])).toEqual(['archived', 'archived', 'hot'])
    await expectWhole(store, [...ids(), ...more])
  })

  it('whose logs have both grown, with each line once', async () => {
    const { repository, ops } = store
    const log = async (wp: string): Promise<void> => {
      await ops.lifecycle.append(step(wp))
      await repository.commit(`Log ${wp}`)
    }
    await log('WP01')
    const more: OpId[] = []
    const work = (wp: string) => async () => {
      await log(wp)
      more.push(await close(ops))
    }
    await apart(store, work('WP02'), work('WP03'))
    const lines = (await repository.read('kitty-ops/lifecycle.jsonl')).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).wp_id).sort()).toEqual(['WP01', 'WP02', 'WP03'])
    expect((await ops.list()).length).toBe(4)
    expect(await verify({ root: repository.path })).toMatchObject({ ok: true })
    // Older versions of git do not overwrite an ignored file in a merge, so there is no local index.
    if (isGitOlder('2.34')) return
    const rows = (await repository.read('kitty-ops/ops-index.jsonl')).trimEnd().split('\n')
    const known = new Set(rows.map((row) => parseIndexRow(row)?.invocation_id))
    expect([...known].sort()).toEqual([...ids(), ...more].sort())
  })

  it('also when one is rebased, or picked', async () => {
    const { repository, ops } = store
    await repository.git('checkout', '--quiet', '-b', 'side')
    await archiveAll(ops)
    const [archiving = ''] = await repository.log('%H')
    await repository.git('checkout', '--quiet', 'work')
    const more = await close(ops)
    await repository.git('cherry-pick', archiving)
    await repository.git('checkout', '--quiet', 'side')
    await repository.git('rebase', '--quiet', 'work')
    expect(placesOf(store, [...ids(), more])).toEqual(['archived', 'archived', 'hot'])
    await expectWhole(store, [...ids(), more])
  })

  it('and the history of a record leads through its move', async () => {
    await archiveAll(store.ops)
    const { git } = store.repository
    const path = archivedPath(first ?? newOpId())
    const subjects = (await git('log', '--follow', '--format=%s', '--', path)).split('\n')
    expect(subjects).toEqual(['chore(kitty-ops): archive 2 Ops', expect.stringMatching(/^op\(/)])
    const changed = await git('show', '--format=', '--name-status', '--no-renames', 'HEAD')
    expect(
      changed
        .split('\n')
        .map((line) => line.split('\t')[1]?.split('/').at(-1))
        .sort(),
    ).toEqual([first, first, second, second].map((id) => `${id}.jsonl`).sort())
  })
})

it('a branch that a guard protects is not archived on, and nothing is moved', async () => {
  const { repository, ops } = await newStore()
  const id = await close(ops)
  const guarded = await storeAt(repository.path, {
    strategy: safeCommitGuard(directGit(), { destination: 'elsewhere' }),
  })
  const result = await archiveAll(guarded)
  expect(result).toMatchObject({
    archivedIds: [],
    commit: { status: 'refused', code: 'DESTINATION_NOT_FOUND' },
  })
  expect(placesOf({ repository, ops }, [id])).toEqual(['hot'])
  expect(await repository.statusPorcelain()).toEqual([])
})
