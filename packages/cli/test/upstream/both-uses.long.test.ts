import { newOpId, type OpId, parseOpId } from '@kitty/record'
import {
  newRepository,
  type Repository,
  type Upstream,
  upstreamAt,
  upstreamLegacyRecord,
  upstreamMigratedRecord,
} from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { jsonIn, runIn } from '../support/in-process.js'

const OPS = 200

type Uses = { readonly repository: Repository; readonly upstream: Upstream }

/** What became of an Op, as everyone must see it. */
type Expected = { readonly status: 'open' | 'closed'; readonly outcome: string | null }

const DONE: Expected = { status: 'closed', outcome: 'done' }
const SWEPT: Expected = { status: 'closed', outcome: 'abandoned' }

const opened = async (cwd: string, ...argv: readonly string[]): Promise<OpId> =>
  parseOpId(String(Object((await jsonIn(cwd, argv)).json).invocation_id))

const ours = async ({ repository: { path } }: Uses): Promise<OpId> => {
  const id = await opened(path, 'do', 'Fix the flaky test')
  expect((await runIn(path, ['ops', 'complete', id, '--outcome', 'done'])).status).toBe(0)
  return id
}

const spelledAsThere = async ({ repository: { path } }: Uses): Promise<OpId> => {
  const id = await opened(path, 'dispatch', 'Fix the flaky test', '--profile', 'python-pedro')
  const argv = ['profile-invocation', 'complete', '-i', id, '--outcome', 'done']
  expect((await runIn(path, [...argv, '--evidence', 'All green'])).status).toBe(0)
  return id
}

const theirsClosedByUs = async ({ repository: { path }, upstream }: Uses): Promise<OpId> => {
  const id = await upstream.open()
  expect((await runIn(path, ['ops', 'complete', id, '--outcome', 'done'])).status).toBe(0)
  return id
}

const oursClosedByThem = async ({ repository: { path }, upstream }: Uses): Promise<OpId> => {
  const id = await opened(path, 'do', 'Fix the flaky test')
  await upstream.complete(id)
  return id
}

const swept = async ({ repository, upstream }: Uses): Promise<OpId> => {
  const id = await upstream.open()
  await repository.git('add', '--', `kitty-ops/${id}.jsonl`)
  await repository.git('commit', '--quiet', '-m', 'Work in progress')
  await upstream.sweep(id)
  return id
}

/** Both kinds of use, in turns. */
const USES: readonly (readonly [(uses: Uses) => Promise<OpId>, Expected])[] = [
  [ours, DONE],
  [({ upstream }) => upstream.run(), DONE],
  [spelledAsThere, DONE],
  [({ upstream }) => upstream.run({}, { evidence: '214 passed' }), DONE],
  [theirsClosedByUs, DONE],
  [oursClosedByThem, DONE],
  [swept, SWEPT],
  [({ upstream }) => upstream.run({}, { outcome: 'abandoned' }), SWEPT],
]

/** Older records, then their migration, in which one is deleted. */
const migrate = async ({ upstream }: Uses): Promise<OpId> => {
  const [kept, gone] = [newOpId(), newOpId()]
  const pathOf = (id: OpId) => `kitty-ops/${id}.jsonl`
  await upstream.commitFiles('Older', {
    [pathOf(kept)]: upstreamLegacyRecord({ id: kept }, null),
    [pathOf(gone)]: upstreamLegacyRecord({ id: gone }),
  })
  await upstream.commitFiles('Upgrade', {
    [pathOf(kept)]: upstreamMigratedRecord({ id: kept }, 'abandoned'),
    [pathOf(gone)]: undefined,
  })
  return kept
}

type Row = { readonly invocation_id: string; readonly status: string; readonly outcome?: string }

const rowsOf = (rows: readonly Row[]) =>
  new Map(
    rows.map(({ invocation_id, status, outcome }) => [
      invocation_id,
      { status, outcome: outcome ?? null },
    ]),
  )

describe('a project that both programs use', () => {
  it(`agrees with itself after ${OPS} Ops in turns`, async () => {
    const repository = await newRepository()
    const uses = { repository, upstream: await upstreamAt(repository.path) }
    const { path } = repository
    const expected = new Map<string, Expected>([[await migrate(uses), SWEPT]])
    for (let count = 0; count < OPS; count += 1) {
      const [use, result] = USES[count % USES.length] ?? [ours, DONE]
      expected.set(await use(uses), result)
    }
    const list = Object((await jsonIn(path, ['ops', 'list', '--limit', 'all'])).json)
    expect(rowsOf(list.ops)).toEqual(expected)
    const theirs: unknown = (await jsonIn(path, ['invocations', 'list', '-n', '1000'])).json
    expect(rowsOf(Array.isArray(theirs) ? theirs : [])).toEqual(expected)
    for (const [id, { status, outcome }] of [...expected].slice(-USES.length)) {
      const shown = (await jsonIn(path, ['ops', 'show', id])).json
      expect(shown).toMatchObject({
        op: { status, outcome },
        problems: [],
        in: expect.arrayContaining(['disk', 'head']),
      })
      expect(shown).not.toHaveProperty('conflict')
    }
    await runIn(path, ['ops', 'report', '--output', 'page.html'])
    const page = await repository.read('page.html')
    for (const [id, { outcome }] of expected)
      expect(page).toContain(`"id":"${id}","outcome":"${outcome}"`)
    expect((await jsonIn(path, ['doctor', 'ops', '--deep'])).json).toMatchObject({ healthy: true })
    const gate = await jsonIn(path, ['ops', 'verify'])
    expect(gate.json).toMatchObject({ ok: true, violations: [] })
    const kinds = Object(gate.json).notes.map(({ id }: { readonly id: string }) => id)
    expect([...new Set(kinds)].sort()).toEqual(['migrated-records', 'no-op-commit', 'no-trailers'])
    expect(kinds.filter((id: string) => id === 'no-trailers')).toHaveLength(1)
    await runIn(path, ['ops', 'reindex'])
    const index = (await repository.read('kitty-ops/ops-index.jsonl')).trimEnd().split('\n')
    expect(rowsOf(index.map((line) => ({ status: 'closed', ...JSON.parse(line) })))).toEqual(
      expected,
    )
    expect((await runIn(path, ['ops', 'archive', '--older-than', '0'])).status).toBe(0)
    expect((await jsonIn(path, ['ops', 'verify'])).json).toMatchObject({ ok: true })
    expect((await jsonIn(path, ['doctor', 'ops'])).json).toMatchObject({ healthy: true })
    expect(await repository.statusPorcelain()).toEqual(['?? page.html'])
  }, 300_000)
})
