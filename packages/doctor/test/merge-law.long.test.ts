import { type OpId, parseLifecycleLog } from '@kitty/record'
import type { Repository } from '@kitty/test-kit'
import type { Ops } from '@kitty/writer'
import { archivedPath, recordPath } from '@kitty/writer/internals'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { verify } from '../src/index.js'
import { closedOp, newStore, request } from './support/store.js'

const DEEDS = fc.array(fc.constantFrom('open', 'complete', 'archive', 'log'), { maxLength: 7 })
const LOG = 'kitty-ops/lifecycle.jsonl'

/** What must be there after the merge: closed records by id, to the byte, and steps of the log. */
type Kept = { readonly records: Map<OpId, string>; readonly steps: string[] }

const step = (name: string) => ({
  ...{ agent: 'x', at: '2026-01-05T10:00:00.000Z', canonical_action_id: `${name}::run` },
  ...{ mission_id: '01KEXAMPKEM0000000000000AA', reason: null, wp_id: 'WP01' },
  phase: 'started' as const,
})

const complete = async (repository: Repository, ops: Ops, open: OpId[], kept: Kept) => {
  const id = open.pop()
  const closed =
    id === undefined ? await closedOp(ops) : await ops.complete(id, { outcome: 'failed' })
  const path = recordPath(closed.id)
  kept.records.set(closed.id, await repository.read(path))
}

/** Does all this on the branch that is checked out; the user commits the log at the end. */
const live = async (repository: Repository, ops: Ops, deeds: readonly string[], kept: Kept) => {
  const open: OpId[] = []
  for (const deed of deeds) {
    const name = `step-${kept.steps.length}`
    if (deed === 'open') open.push((await ops.start(request)).id)
    if (deed === 'complete') await complete(repository, ops, open, kept)
    if (deed === 'archive') await ops.archive({ olderThanDays: 0 })
    if (deed !== 'log') continue
    await ops.lifecycle.append(step(name))
    kept.steps.push(`${name}::run`)
  }
  if (!deeds.includes('log')) return
  await repository.git('add', LOG)
  await repository.git('commit', '--quiet', '-m', 'The log')
}

const atHead = async ({ tryGit }: Repository, path: string): Promise<string | undefined> => {
  const { exitCode, stdout } = await tryGit('show', `HEAD:${path}`)
  return exitCode === 0 ? `${stdout}\n` : undefined
}

const expectWhole = async (repository: Repository, { records, steps }: Kept): Promise<void> => {
  for (const [id, text] of records) {
    const places = [recordPath(id), archivedPath(id)].map((path) => atHead(repository, path))
    const found = (await Promise.all(places)).filter((each) => each !== undefined)
    expect(found).toEqual([text])
  }
  const { events, skipped } = parseLifecycleLog((await atHead(repository, LOG)) ?? '')
  expect(events.map((event) => event.canonical_action_id).toSorted()).toEqual(steps.toSorted())
  expect(skipped).toBe(0)
  expect(await verify({ root: repository.path })).toMatchObject({ ok: true, violations: [] })
}

it('the histories of two branches merge without a conflict and without a loss', async () => {
  const property = fc.asyncProperty(DEEDS, DEEDS, DEEDS, async (before, ours, theirs) => {
    const { repository, ops } = await newStore()
    const kept: Kept = { records: new Map(), steps: [] }
    // From the first committed Op on: the attributes that let logs merge come with it.
    await live(repository, ops, ['complete', ...before], kept)
    await repository.git('branch', 'theirs')
    await live(repository, ops, ours, kept)
    const branch = await repository.git('symbolic-ref', '--short', 'HEAD')
    await repository.git('checkout', '--quiet', 'theirs')
    await live(repository, ops, theirs, kept)
    await repository.git('checkout', '--quiet', branch)
    await repository.git('merge', '--quiet', '--no-edit', 'theirs')
    await expectWhole(repository, kept)
  })
  await fc.assert(property, { numRuns: 20 })
})
