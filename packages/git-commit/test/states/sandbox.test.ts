import { existsSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { directGit } from '../../src/direct-git.js'
import { safeCommitGuard } from '../../src/guard/safe-commit-guard.js'
import { asOrdinaryUser, whileReadOnly } from '../support/ordinary-user.js'
import { closeOne, DONE, expectOnce, openIn, REQUEST } from '../support/store.js'

const STATE = ['.kittify', 'state']

describe.skipIf(process.platform === 'win32')('with a read-only git directory', () => {
  it('an Op is recorded and pending, and the first Op outside commits it', async () => {
    const repository = await newRepository()
    const inside = await asOrdinaryUser(repository.path, () =>
      whileReadOnly(join(repository.path, '.git'), async () => {
        const ops = await openIn(repository.path)
        const { id, path } = await ops.start(REQUEST)
        const completion = await ops.complete(id, DONE)
        const pending = (await ops.pending()).map((each) => each.id)
        return { id, path, completion, pending }
      }),
    )
    expect(inside.completion).toMatchObject({
      state: 'in-work-tree',
      commit: { status: 'deferred' },
    })
    expect(inside.pending).toEqual([inside.id])
    expect((await repository.read(inside.path)).split('\n')).toHaveLength(3)
    expect(await readdir(join(repository.path, ...STATE, 'pending'))).toEqual([inside.id])

    const ops = await openIn(repository.path)
    expect((await ops.pending()).map((each) => each.id)).toEqual([inside.id])
    const next = await closeOne(ops)
    await expectOnce(repository, [inside.id, next.id])
    expect(await readdir(join(repository.path, '.kittify'))).toEqual([])
  })

  it('an Op that was opened outside is closed inside, and committed outside', async () => {
    const repository = await newRepository()
    const { id } = await (await openIn(repository.path)).start(REQUEST)
    const completion = await asOrdinaryUser(repository.path, () =>
      whileReadOnly(join(repository.path, '.git'), async () =>
        (await openIn(repository.path)).complete(id, DONE),
      ),
    )
    expect(completion).toMatchObject({ state: 'in-work-tree', commit: { status: 'deferred' } })
    const ops = await openIn(repository.path)
    expect((await ops.flush()).get(id)).toMatchObject({ status: 'committed' })
    await expectOnce(repository, [id])
    expect(await ops.startNote(id)).toBeUndefined()
  })

  it('the record of an Op that stays open is hidden from the first Op outside on', async () => {
    const repository = await newRepository()
    const { path } = await asOrdinaryUser(repository.path, () =>
      whileReadOnly(join(repository.path, '.git'), async () =>
        (await openIn(repository.path)).start(REQUEST),
      ),
    )
    expect(await repository.git('status', '--porcelain', '-uall')).toContain(path)
    await closeOne(await openIn(repository.path))
    expect(await repository.statusPorcelain()).toEqual([])
  })

  it('git does not remove a linked work tree that holds the only copy of the state', async () => {
    const repository = await newRepository()
    const linked = join(repository.path, 'trees', 'linked')
    await mkdir(join(repository.path, 'trees'))
    await repository.git('worktree', 'add', '--quiet', linked)
    await asOrdinaryUser(repository.path, () =>
      whileReadOnly(join(repository.path, '.git'), async () => closeOne(await openIn(linked))),
    )
    await expect(repository.git('worktree', 'remove', linked)).rejects.toThrow(
      'modified or untracked',
    )
  })
})

describe('a work tree whose git directory is not here', () => {
  it.each([
    ['direct git', () => directGit()],
    ['the guard', () => safeCommitGuard(directGit())],
  ])('%s defers: git-unreachable, and the Op is committed when it is back', async (_, strategy) => {
    const repository = await newRepository()
    const linked = join(await tempFolder(), 'linked')
    await repository.git('worktree', 'add', '--quiet', '-b', 'elsewhere', linked)
    const away = `${repository.path}-away`
    await rename(repository.path, away)
    const { id, commit } = await closeOne(await openIn(linked, { strategy: strategy() }))
    expect(commit).toMatchObject({ status: 'deferred', reason: 'git-unreachable' })
    await rename(away, repository.path)
    const ops = await openIn(linked, { strategy: strategy() })
    expect((await ops.flush()).get(id)).toMatchObject({ status: 'committed' })
    expect(await repository.git('log', '--format=%s', 'elsewhere')).toContain('op(debugger-debbie)')
  })

  const memory = '/dev/shm'
  const isOther = existsSync(memory) && statSync(memory).dev !== statSync(tmpdir()).dev
  it.skipIf(!isOther)(
    'its state is taken over from another file system (needs /dev/shm)',
    async () => {
      const repository = await newRepository()
      const folder = await mkdtemp(join(memory, 'kitty-test-'))
      onTestFinished(() => rm(folder, { recursive: true }))
      const linked = join(folder, 'linked')
      await repository.git('worktree', 'add', '--quiet', '-b', 'elsewhere', linked)
      const away = `${repository.path}-away`
      await rename(repository.path, away)
      const inside = await openIn(linked)
      const [{ id }, open] = [await closeOne(inside), await inside.start(REQUEST)]
      await rename(away, repository.path)
      const ops = await openIn(linked)
      expect((await ops.flush()).get(id)).toMatchObject({ status: 'committed' })
      expect(await ops.startNote(open.id)).toMatchObject({ line: expect.stringContaining(open.id) })
      expect(await readdir(join(linked, '.kittify'))).toEqual([])
    },
  )
})
