import { readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { directGit, withLedger } from '@kitty/git-commit'
import { asOrdinaryUser, newRepository, tempFolder, whileReadOnly } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { doctorOps } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { closedOp, request, storeAt } from '../support/store.js'

const contentOf = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true })).sort()

describe.skipIf(process.platform === 'win32')('with a read-only git directory', () => {
  it('the doctor says why, and changes nothing; outside, --fix commits', async () => {
    const repository = await newRepository()
    const id = await asOrdinaryUser(repository.path, () =>
      whileReadOnly(join(repository.path, '.git'), async () => {
        const ops = await storeAt(repository.path)
        const closed = await closedOp(ops)
        const open = await ops.start(request)
        const before = await contentOf(repository.path)
        const report = await doctorOps({ ops, fix: true })
        expect(report).toMatchObject({
          healthy: false,
          open_ops: [{ invocation_id: open.id }],
        })
        expect(report.fixed.filter(({ done }) => done)).toEqual([])
        expect(report.findings.map((each) => each.id)).toEqual([
          'state-in-work-tree',
          'uncommitted',
          'open-op',
        ])
        expect(report.findings[0]).toMatchObject({
          severity: 'warning',
          message: expect.stringMatching(/^The state of 2 Ops is in .*\.git cannot be written/),
        })
        expect(await contentOf(repository.path)).toEqual(before)
        await ops.complete(open.id, { outcome: 'done' })
        return closed.id
      }),
    )
    const ops = await storeAt(repository.path)
    const { findings } = await doctorOps({ ops, checks: ['state-in-work-tree'] })
    expect(findings).toMatchObject([{ severity: 'info', fixable: true, next: [{ verb: 'fix' }] }])
    const { fixed } = await doctorOps({ ops, fix: true })
    expect(fixed.map(({ done }) => done)).not.toContain(false)
    expect(await repository.git('log', '--format=%B')).toContain(`Op-Id: ${id}`)
    expect(await readdir(join(repository.path, '.kittify'))).toEqual([])
    await expectHealthy(ops)
  })

  it('the ledger, which cannot be written either, is not promised to take an Op', async () => {
    const { path } = await newRepository()
    await asOrdinaryUser(path, () =>
      whileReadOnly(join(path, '.git'), async () => {
        const ops = await storeAt(path, { strategy: withLedger(directGit()) })
        await closedOp(ops)
        const { findings } = await doctorOps({ ops, checks: ['uncommitted'] })
        const message = expect.not.stringContaining('ledger')
        expect(findings).toMatchObject([{ id: 'uncommitted', fixable: false, message }])
      }),
    )
  })
})

it('where the git directory is not here, the doctor says so, and nothing is lost', async () => {
  const repository = await newRepository()
  const linked = join(await tempFolder(), 'linked')
  await repository.git('worktree', 'add', '--quiet', '-b', 'side', linked)
  const away = `${repository.path}-away`
  await rename(repository.path, away)
  const inside = await storeAt(linked)
  const { id } = await closedOp(inside)
  const { findings } = await doctorOps({ ops: inside, fix: true })
  expect(findings).toMatchObject([{ id: 'state-in-work-tree', severity: 'warning' }])
  expect(findings[0]?.message).toContain(`${join(linked, '.git')} names was not found`)
  await rename(away, repository.path)
  const outside = await storeAt(linked)
  await doctorOps({ ops: outside, fix: true })
  expect(await repository.git('log', '--format=%B', 'side')).toContain(`Op-Id: ${id}`)
  await expectHealthy(outside)
})
