import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { directGit, ledger, withLedger } from '@kitty/git-commit'
import { type Repository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { restoreOps } from '../../src/index.js'
import { closedOp, newStore, storeAt } from '../support/store.js'

const ledgerRef = async ({ git }: Repository): Promise<string> =>
  (await git('for-each-ref', '--format=%(refname)', 'refs/kitty/ops/')).trim()

/** A store, and a closed Op that only the ledger has: its work tree and its branch were deleted. */
const withLostOp = async () => {
  const { repository, ops } = await newStore(withLedger(directGit()))
  const path = join(await tempFolder(), 'agent')
  await repository.git('worktree', 'add', '--quiet', '-b', 'agent', path)
  const op = await closedOp(await storeAt(path, { strategy: withLedger(directGit()) }))
  const bytes = await readFile(join(path, op.path))
  await repository.git('worktree', 'remove', '--force', path)
  await repository.git('branch', '--quiet', '-D', 'agent')
  return { repository, ops, op, bytes }
}

/** Notes in the ledger that an Op was erased on purpose, and removes its record from it. */
const erase = async (repository: Repository, id: string): Promise<void> => {
  const { git, gitWith, path } = repository
  const ref = await ledgerRef(repository)
  const env = { GIT_INDEX_FILE: join(path, '.git', 'erasing') }
  const run = async (...args: string[]) => (await gitWith({ env }, ...args)).stdout
  await run('read-tree', ref)
  const record = (await run('ls-files', `*/${id}.jsonl`)).trim()
  await run('update-index', '--force-remove', record)
  const blob = await run('hash-object', '-w', '--stdin')
  await run('update-index', '--add', '--cacheinfo', `100644,${blob},erased/${id}`)
  const tree = await run('write-tree')
  await git('update-ref', ref, await git('commit-tree', '-p', ref, '-m', 'Erase', tree))
}

describe('restoring from the ledger', () => {
  it('writes the record of an Op that no branch has, byte for byte, and once', async () => {
    const { repository, ops, op, bytes } = await withLostOp()
    await repository.git('reflog', 'expire', '--expire=now', '--all')
    await repository.git('gc', '--quiet', '--prune=now')
    const ids = [op.id.slice(0, 20)]
    expect(await restoreOps({ ops, ids })).toEqual({
      restored: [{ invocation_id: op.id, path: op.path, from: 'ledger', how: 'created' }],
      left: [],
    })
    expect(await readFile(join(repository.path, op.path))).toEqual(bytes)
    const again = await restoreOps({ ops, ids })
    expect(again).toMatchObject({ restored: [], left: [{ code: 'PRESENT' }] })
  })

  it('is only for Ops that are named', async () => {
    const { ops } = await withLostOp()
    expect(await restoreOps({ ops })).toEqual({ restored: [], left: [] })
  })

  it('comes after HEAD and its history', async () => {
    const { repository, ops } = await newStore(withLedger(directGit()))
    const op = await closedOp(ops)
    const restored = async () => {
      await rm(join(repository.path, op.path), { force: true })
      return (await restoreOps({ ops, ids: [op.id] })).restored.map(({ from }) => from)
    }
    expect(await restored()).toEqual(['head'])
    await repository.git('rm', '--quiet', '-f', op.path)
    await repository.git('commit', '--quiet', '-m', 'Delete it')
    expect(await restored()).toEqual(['history'])
  })

  it('also works for an Op of the ledger alone, in another clone that fetched it', async () => {
    const { repository, ops } = await newStore(ledger())
    const op = await closedOp(ops)
    const clone = repositoryAt(join(await tempFolder(), 'clone'))
    await repository.git('clone', '--quiet', repository.path, clone.path)
    const there = await storeAt(clone.path)
    await expect(restoreOps({ ops: there, ids: [op.id] })).rejects.toThrow('No such Op')
    await clone.git('fetch', '--quiet', 'origin', 'refs/kitty/ops/*:refs/kitty/remotes/origin/*')
    expect(await restoreOps({ ops: there, ids: [op.id] })).toMatchObject({
      restored: [{ invocation_id: op.id, from: 'ledger' }],
    })
    expect(await clone.read(op.path)).toBe(await repository.read(op.path))
  })

  it('never restores an Op that was erased on purpose, from nowhere', async () => {
    const { repository, ops, op } = await withLostOp()
    const kept = await closedOp(ops)
    for (const { id } of [op, kept]) await erase(repository, id)
    await rm(join(repository.path, kept.path))
    const { restored, left } = await restoreOps({ ops, ids: [op.id, kept.id] })
    expect(restored).toEqual([])
    expect(left).toMatchObject([
      { invocation_id: kept.id, code: 'OP_ERASED' },
      { invocation_id: op.id, code: 'OP_ERASED' },
    ])
    expect(await restoreOps({ ops })).toMatchObject({ restored: [], left: [{ code: 'OP_ERASED' }] })
    await expect(repository.read(kept.path)).rejects.toThrow('ENOENT')
  })
})
