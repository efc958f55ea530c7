import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { withBranches } from '../support/branches.js'
import { expectCommitted } from '../support/expect-committed.js'
import { closeOne, startOne, storeAt } from '../support/ops.js'
import { templateOf } from '../support/template.js'

const branches = templateOf(withBranches)

describe('another branch is checked out', () => {
  it.each(['none', 'one'])(
    'between start and close, after %s: it gets the record',
    async (earlier) => {
      const repository = await branches()
      const ops = await storeAt(repository)
      if (earlier === 'one') await closeOne(ops)
      const { id } = await startOne(ops)
      await repository.git('checkout', '--quiet', 'other')
      const closed = await ops.complete(id, { outcome: 'done' })
      await expectCommitted(repository, ops, closed)
      await repository.git('checkout', '--quiet', 'work')
      await repository.git('checkout', '--quiet', 'other')
      const text = await readFile(join(repository.path, closed.path), 'utf8')
      expect(text).toContain('"completed"')
    },
  )

  it('after an Op, and none of its files prevents the user from switching back', async () => {
    const repository = await branches()
    const ops = await storeAt(repository)
    await expectCommitted(repository, ops, await closeOne(ops))
    await repository.git('checkout', '--quiet', 'other')
    await expectCommitted(repository, ops, await closeOne(ops))
    await repository.git('checkout', '--quiet', 'work')
    await expectCommitted(repository, ops, await closeOne(ops))
    await repository.git('merge', '--quiet', '--strategy-option=ours', 'other')
    expect(await ops.list()).toHaveLength(3)
  })

  it('while an Op is open there, and none of its files prevents the user from switching', async () => {
    const repository = await branches()
    const ops = await storeAt(repository)
    await closeOne(ops)
    await repository.git('checkout', '--quiet', 'other')
    const { id } = await startOne(ops)
    await repository.git('checkout', '--quiet', 'work')
    const closed = await ops.complete(id, { outcome: 'done' })
    await expectCommitted(repository, ops, closed)
  })
})
