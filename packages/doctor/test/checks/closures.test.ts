import { directGit } from '@kitty/git-commit'
import { upstreamAt } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { doctorOps } from '../../src/index.js'
import { newStore } from '../support/store.js'

const CLOSURES = 'kitty-ops/op-closures.jsonl'

/** A store where another program keeps closures, with an open Op that is committed and one that is not. */
const sharedStore = async () => {
  const { repository, ops } = await newStore(directGit(), { exclude: false })
  const upstream = await upstreamAt(repository.path)
  const [swept, frozen] = [await upstream.open(), await upstream.open()]
  await repository.commit('Everything')
  await upstream.sweep(swept)
  const own = await upstream.open()
  return { repository, ops, swept, frozen, own }
}

describe('a store where another program closes Ops beside their records', () => {
  it('sweeps only what HEAD does not hold, and names the way to close the others', async () => {
    const { repository, ops, swept, frozen, own } = await sharedStore()
    const before = await repository.read(`kitty-ops/${frozen}.jsonl`)
    const clock = () => new Date(Date.now() + 48 * 3_600_000)
    const report = await doctorOps({ ops, closeStale: true, clock })
    expect(report).toMatchObject({ healthy: false, swept: 1, skipped_running: 0 })
    expect(report.open_ops.map((op) => [op.invocation_id, op.action_taken])).toEqual([
      [frozen, 'none'],
      [own, 'closed_abandoned'],
    ])
    const stale = report.findings.filter(({ id }) => id === 'stale-op')
    expect(stale).toMatchObject([
      { invocation_id: frozen, next: [{ verb: 'upstream-close-stale' }] },
    ])
    expect(stale[0]?.message).toContain(CLOSURES)
    expect(await repository.read(`kitty-ops/${frozen}.jsonl`)).toBe(before)
    expect(await repository.read(CLOSURES)).toContain(swept)
    const ids = report.findings.map(({ id }) => id)
    expect(ids).not.toContain('stray-file')
    expect(ids).not.toContain('uncommitted')
  })

  it('reports lines that cannot be read, and never a link twice', async () => {
    const { repository, ops, frozen } = await sharedStore()
    await repository.write(CLOSURES, `<<<<<<< HEAD\n${await repository.read(CLOSURES)}`)
    const [found] = (await doctorOps({ ops, checks: ['closure-lines'] })).findings
    expect(found).toMatchObject({ id: 'closure-lines', path: CLOSURES })
    expect(found?.message).toContain('line 1')
    const open = await ops.list({ status: 'open' })
    expect(open.map((op) => op.invocation_id)).toContain(frozen)
    expect(open).toHaveLength(2)
  })
})
