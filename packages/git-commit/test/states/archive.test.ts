import { rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { newRepository, type Repository } from '@kitty/test-kit'
import type { Ops } from '@kitty/writer'
import { describe, expect, it } from 'vitest'
import { directGit } from '../../src/direct-git.js'
import { withBranches } from '../support/branches.js'
import { expectCommitted } from '../support/expect-committed.js'
import { when, withShim } from '../support/git-shim.js'
import { closeOne, storeAt } from '../support/ops.js'
import { archiveRequest, opRequest } from '../support/requests.js'

const archive = (ops: Ops) => ops.archive({ olderThanDays: 0 })

const staged = ({ git }: Repository) => git('diff', '--cached', '--name-status', '--no-renames')

const GONE = {
  'git clean -fdx': 'real clean -fdxq kitty-ops',
  'rm of the archive': 'rm -r kitty-ops/archive',
}

describe.skipIf(process.platform === 'win32')('archiving', () => {
  // Git removes a path from its index if its file is gone: right for the old place, and never for the new one.
  it.each(Object.entries(GONE))('%s meanwhile: no record leaves HEAD', async (_, script) => {
    const repository = await withBranches()
    const ops = await storeAt(repository)
    const closed = await closeOne(ops)
    await withShim(when('update-index', script), () => archive(ops).catch(() => undefined))
    expect(await staged(repository)).toBe('')
    await repository.git('checkout', '--quiet', '--', 'kitty-ops')
    await expectCommitted(repository, ops, closed)
  })
})

describe('a repeated archive request', () => {
  it('is reported as committed earlier, but only if HEAD has both halves of the move', async () => {
    const repository = await newRepository()
    const strategy = directGit()
    const op = await opRequest(repository)
    const { path: from } = op.record
    await strategy.commit(repository.path, [op])
    const to = `kitty-ops/archive/${basename(from)}`
    await repository.write('kitty-ops/archive/.keep', '')
    await rename(join(repository.path, from), join(repository.path, to))
    const move = archiveRequest(repository.path, { from, to })
    const [first] = await strategy.commit(repository.path, [move])
    const sha = await repository.head()
    expect(first).toEqual({ status: 'committed', sha })
    expect(await strategy.commit(repository.path, [move])).toEqual([
      { status: 'committed', sha, earlier: true },
    ])
    await repository.write(from, 'back again\n')
    await repository.commit('The old place is taken')
    const [again] = await strategy.commit(repository.path, [move])
    expect(again).toEqual({ status: 'committed', sha: await repository.head() })
  })
})
