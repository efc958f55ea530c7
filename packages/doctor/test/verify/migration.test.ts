import { newOpId, type OpId } from '@kitty/record'
import {
  newRepository,
  upstreamAt,
  upstreamLegacyRecord,
  upstreamMigratedRecord,
} from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { isMigration } from '../../src/check/migration.js'
import { doctorOps } from '../../src/index.js'
import { storeAt } from '../support/store.js'
import { verifyBranch } from '../support/verify-branch.js'

const recordPath = (id: OpId): string => `kitty-ops/${id}.jsonl`

const linkOf = (id: string): string =>
  `{"event": "artifact_link", "invocation_id": "${id}", "at": "2026-06-08T08:08:36.010902+00:00", "kind": "artifact", "ref": "README.md"}\n`

/** A project with older records of these outcomes, committed together. */
const olderProject = async (...outcomes: readonly ('done' | 'failed' | null)[]) => {
  const repository = await newRepository()
  const upstream = await upstreamAt(repository.path)
  const ops = outcomes.map((outcome) => ({ id: newOpId(), outcome }))
  const files = ops.map(({ id, outcome }) => [
    recordPath(id),
    upstreamLegacyRecord({ id }, outcome),
  ])
  await upstream.commitFiles('Older records', Object.fromEntries(files))
  const gate = async (since?: string) => {
    const checked = await verifyBranch({ root: repository.path, ...(since && { since }) })
    const idsOf = (found: typeof checked.notes) => found.map(({ id }) => id)
    return { ...checked, ids: idsOf(checked.notes), bad: idsOf(checked.violations) }
  }
  return { repository, upstream, ids: ops.map(({ id }) => id), gate }
}

/** The migrated form of the record of an Op. */
const migrated = (id: OpId, outcome: 'done' | 'failed' | 'abandoned' = 'done') => ({
  [recordPath(id)]: upstreamMigratedRecord({ id }, outcome),
})

describe('a migration of the Python spec-kitty', () => {
  it('is a note, also where it deletes older records', async () => {
    const { repository, upstream, ids, gate } = await olderProject('done', null, 'failed')
    const [first, second, third] = ids
    if (!first || !second || !third) throw new Error('There are three.')
    await repository.git('tag', 'before')
    const files = { ...migrated(first), ...migrated(second, 'abandoned') }
    await upstream.commitFiles('Upgrade', { ...files, [recordPath(third)]: undefined })
    for (const since of [undefined, 'before']) {
      const { ok, notes } = await gate(since)
      expect(ok).toBe(true)
      const note = notes.find(({ id }) => id === 'migrated-records')
      expect(note?.message).toMatch(/migrated 2 older records .*, and deleted 1 older record,/)
      expect(note?.invocation_ids?.toSorted()).toEqual([first, second, third].sort())
    }
    const store = await storeAt(repository.path)
    expect((await doctorOps({ ops: store, deep: true })).healthy).toBe(true)
  })

  it('is one after links were added to the older record', async () => {
    const { repository, upstream, ids, gate } = await olderProject('done')
    const [id] = ids
    if (!id) throw new Error('There is one.')
    const legacy = upstreamLegacyRecord({ id }) + linkOf(id)
    await upstream.commitFiles('Link', { [recordPath(id)]: legacy })
    const files = { [recordPath(id)]: upstreamMigratedRecord({ id }) + linkOf(id) }
    await upstream.commitFiles('Upgrade', files)
    expect(await gate()).toMatchObject({ bad: [], ok: true })
    const store = await storeAt(repository.path)
    expect((await doctorOps({ ops: store, deep: true })).healthy).toBe(true)
    await upstream.commitFiles('Tidy', { [recordPath(id)]: undefined })
    expect((await doctorOps({ ops: store, deep: true })).healthy).toBe(false)
  })

  it('is none if the record changes again, and the way out leads to the migrated one', async () => {
    const { repository, upstream, ids, gate } = await olderProject('done')
    const [id] = ids
    if (!id) throw new Error('There is one.')
    await upstream.commitFiles('Upgrade', migrated(id))
    const kept = await repository.git('rev-parse', `HEAD:${recordPath(id)}`)
    await upstream.commitFiles('Link', {
      [recordPath(id)]: upstreamMigratedRecord({ id }) + linkOf(id),
    })
    const { violations, bad } = await gate()
    expect(bad).toEqual(['changed-after-close'])
    expect(violations[0]?.next).toContainEqual(
      expect.objectContaining({ verb: 'git-stage-blob', sha: kept }),
    )
  })

  it.each([
    ['another outcome', (text: string) => text.replace('"outcome": "done"', '"outcome": "failed"')],
    ['no outcome for done', (text: string) => text.replace('"done"', '"abandoned"')],
    ['another request', (text: string) => text.replace('Fix the flaky', 'Fix the other')],
    ['another profile', (text: string) => text.replace('python-pedro', 'python-petra')],
    ['another action', (text: string) => text.replace('"implement"', '"review"')],
    ['another actor', (text: string) => text.replace('"claude"', '"codex"')],
    [
      'another close time',
      (text: string) => text.replace(/(_at": "[^"]*)123(\+00:00", "outcome)/, '$1124$2'),
    ],
    ['another start time', (text: string) => text.replace(/(started_at": "[^"]*)123/, '$1124')],
    ['a link more', (text: string) => text + linkOf(/"(\w{26})"/.exec(text)?.[1] ?? '')],
    ['evidence more', (text: string) => text.replace('"agent"}', '"agent", "evidence_ref": "x"}')],
    ['a field more', (text: string) => text.replace('"agent"}', '"agent", "by": "x"}')],
    ['no closed_by', (text: string) => text.replace(', "closed_by": "agent"', '')],
    ['a second completion', (text: string) => `${text}${text.split('\n')[1]}\n`],
    ['a damaged line', (text: string) => `${text}{"event": \n`],
    ['no completion', (text: string) => `${text.split('\n')[0]}\n`],
  ])('is none with %s', async (_, change) => {
    const { upstream, ids, gate } = await olderProject('done', 'done')
    const [id, other] = ids
    if (!id || !other) throw new Error('There are two.')
    const text = change(upstreamMigratedRecord({ id }))
    expect(text).not.toBe(upstreamMigratedRecord({ id }))
    await upstream.commitFiles('Upgrade', { ...migrated(other), [recordPath(id)]: text })
    const { ok, violations } = await gate()
    expect(ok).toBe(false)
    expect(violations.every(({ invocation_id }) => invocation_id === id)).toBe(true)
  })

  it('is none for a record that is not older, or the way back', async () => {
    const { upstream, ids, gate } = await olderProject('done')
    const [id] = ids
    if (!id) throw new Error('There is one.')
    await upstream.commitFiles('Upgrade', migrated(id))
    await upstream.commitFiles('Back', { [recordPath(id)]: upstreamLegacyRecord({ id }) })
    // The tip has its first closed version again.
    expect(await gate()).toMatchObject({ bad: [] })
    const own = await upstream.run()
    await upstream.commitFiles('Older', { [recordPath(own)]: upstreamLegacyRecord({ id: own }) })
    expect((await gate()).bad).toEqual(['changed-after-close'])
  })

  it('excuses no deletion without it, of a current record, or after it', async () => {
    const { upstream, ids, gate } = await olderProject('done', 'done', 'done')
    const [first, second, third] = ids
    if (!first || !second || !third) throw new Error('There are three.')
    await upstream.commitFiles('Tidy', { [recordPath(first)]: undefined })
    expect((await gate()).bad).toEqual(['deleted-record'])
    const own = await upstream.run()
    await upstream.commitFiles('Upgrade', { ...migrated(second), [recordPath(own)]: undefined })
    expect((await gate()).violations[0]?.invocation_ids?.toSorted()).toEqual([first, own].sort())
    await upstream.commitFiles('Tidy', { [recordPath(third)]: undefined })
    expect((await gate()).violations[0]?.invocation_ids?.toSorted()).toEqual(
      [first, own, third].sort(),
    )
  })

  it('compares what was written, not how: null, Z and the order of fields mean the same', () => {
    const id = newOpId()
    const legacy = Buffer.from(upstreamLegacyRecord({ id }))
    const text = upstreamMigratedRecord({ id })
    const other = text
      .replaceAll('+00:00', 'Z')
      .replace('"closed_by": "agent"', '"evidence_ref": null, "closed_by": "doctor_sweep"')
    expect(isMigration(legacy, Buffer.from(other))).toBe(true)
    expect(isMigration(legacy, legacy)).toBe(false)
    const withNews = Buffer.from(
      upstreamLegacyRecord({ id }).replace('"action": ""', '"action": "x"'),
    )
    expect(isMigration(withNews, Buffer.from(text))).toBe(false)
  })
})

describe('a migration that is not committed yet', () => {
  it('is a warning, and what is recommended commits it', async () => {
    const { repository, ids } = await olderProject('done')
    const [id] = ids
    if (!id) throw new Error('There is one.')
    const ops = await storeAt(repository.path)
    await repository.write(recordPath(id), upstreamMigratedRecord({ id }))
    const [found] = (await doctorOps({ ops, checks: ['changed-after-close'] })).findings
    expect(found).toMatchObject({ severity: 'warning', next: [{ verb: 'git-add' }, {}] })
    await repository.write(recordPath(id), upstreamMigratedRecord({ id }, 'failed'))
    const [other] = (await doctorOps({ ops, checks: ['changed-after-close'] })).findings
    expect(other).toMatchObject({ severity: 'error' })
  })
})

describe('the commits of the Python spec-kitty', () => {
  it('are one note, however many they are', async () => {
    const repository = await newRepository()
    const upstream = await upstreamAt(repository.path)
    for (let count = 0; count < 3; count += 1) await upstream.run()
    const open = await upstream.open()
    await repository.commit('Everything')
    await upstream.sweep(open)
    const { ok, notes } = await verifyBranch({ root: repository.path })
    expect(ok).toBe(true)
    expect(notes.map(({ id }) => id)).toEqual(['no-trailers'])
    expect(notes[0]?.message).toMatch(/^4 Op commits have no trailers/)
  })
})

describe('an Op that op-closures.jsonl closes', () => {
  const swept = async () => {
    const repository = await newRepository()
    const upstream = await upstreamAt(repository.path)
    const id = await upstream.open()
    await repository.commit('Everything')
    await upstream.sweep(id)
    const text = await repository.read(recordPath(id))
    const gate = async () =>
      (await verifyBranch({ root: repository.path })).violations.map((each) => each.id)
    return { repository, upstream, id, text, gate }
  }

  it('must not change or go, as any closed one', async () => {
    const { upstream, id, text, gate } = await swept()
    expect(await gate()).toEqual([])
    await upstream.commitFiles('Edit', { [recordPath(id)]: text.replace('flaky', 'slow') })
    expect(await gate()).toEqual(['changed-after-close'])
    await upstream.commitFiles('Back', { [recordPath(id)]: text })
    expect(await gate()).toEqual([])
    await upstream.commitFiles('Delete', { [recordPath(id)]: undefined })
    expect(await gate()).toEqual(['deleted-record'])
  })

  it('can have a completion of its own, which then must not change', async () => {
    const { repository, upstream, id, gate } = await swept()
    await upstream.complete(id)
    expect(await gate()).toEqual([])
    const closed = await repository.read(recordPath(id))
    await upstream.commitFiles('Edit', { [recordPath(id)]: closed.replace('"done"', '"failed"') })
    expect(await gate()).toEqual(['changed-after-close'])
  })
})
