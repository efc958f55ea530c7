import { newRepository, type Repository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { HAS_LOCAL_INDEX } from '../support/local-index.js'
import { closeOne, expectOnce, openIn, REQUEST } from '../support/store.js'

const ATTRIBUTES = 'kitty-ops/.gitattributes'

/** A branch on which Ops were committed, and the commits before and after the first of them. */
const withHistory = async (repository: Repository) => {
  const before: string[] = []
  for (const name of ['a', 'b', 'c']) {
    await repository.write(`${name}.txt`, name)
    before.push(await repository.commit(name))
  }
  const ops = await openIn(repository.path)
  const { id } = await closeOne(ops)
  await repository.write('d.txt', 'd')
  await repository.commit('d')
  return { before, ops, id }
}

describe('the attributes of the records', () => {
  it('are committed with the first Op of a branch, and do not prevent a change of branch', async () => {
    const repository = await newRepository()
    await repository.git('branch', 'older')
    const { ops, id } = await withHistory(repository)
    expect(await repository.git('ls-files', ATTRIBUTES)).toBe(ATTRIBUTES)
    await repository.git('checkout', '--quiet', 'older')
    await ops.start(REQUEST)
    await repository.git('checkout', '--quiet', 'work')
    await repository.git('checkout', '--quiet', 'older')
    const two = await closeOne(ops)
    await expectOnce(repository, [two.id])
    expect(await repository.git('ls-files', ATTRIBUTES)).toBe(ATTRIBUTES)
    await repository.git('checkout', '--quiet', 'work')
    const three = await closeOne(ops)
    await expectOnce(repository, [id, three.id])
    await repository.git('merge', '--quiet', '--no-edit', 'older')
    await expectOnce(repository, [id, two.id, three.id])
    if (!HAS_LOCAL_INDEX) return
    const index = await repository.read('kitty-ops/ops-index.jsonl')
    for (const op of [id, two.id, three.id]) expect(index).toContain(op)
  })

  it('stay as a person staged and wrote them, in no commit of an Op', async () => {
    const repository = await newRepository()
    await repository.write(ATTRIBUTES, '*.foo text\n')
    await repository.git('add', ATTRIBUTES)
    await repository.write(ATTRIBUTES, '*.foo -text\n')
    const { id } = await closeOne(await openIn(repository.path))
    expect(await repository.statusPorcelain()).toEqual([`AM ${ATTRIBUTES}`])
    expect(await repository.git('show', '--format=', '--name-only', 'HEAD')).toBe(
      `kitty-ops/${id}.jsonl`,
    )
    expect(await repository.git('show', `:${ATTRIBUTES}`)).toBe('*.foo text')
  })

  it('do not prevent a bisection, or a return to a branch', async () => {
    const repository = await newRepository()
    const { before, ops, id } = await withHistory(repository)
    await repository.git('checkout', '--quiet', before[0] ?? '')
    expect((await closeOne(ops)).commit).toMatchObject({ reason: 'detached-head' })
    await repository.git('checkout', '--quiet', 'work')
    await repository.git('bisect', 'start', 'HEAD', before[0] ?? '')
    expect((await closeOne(ops)).commit).toMatchObject({ reason: 'bisect' })
    await repository.git('bisect', 'good')
    await repository.git('bisect', 'good')
    await repository.git('bisect', 'reset')
    expect((await ops.flush()).size).toBe(2)
    const closed = await ops.list({ status: 'closed' })
    await expectOnce(
      repository,
      closed.map((op) => op.invocation_id),
    )
    expect(closed).toHaveLength(3)
    expect(closed.map((op) => op.invocation_id)).toContain(id)
  })
})
