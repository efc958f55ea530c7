import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository, tempFolder, withEnv } from '@kitty/test-kit'
import type { Ops } from '@kitty/writer'
import { describe, expect, it } from 'vitest'
import { doctorOps, restoreOps } from '../../src/index.js'
import { closedOp, request, storeAt } from '../support/store.js'
import { verifyBranch } from '../support/verify-branch.js'

type Stores = { readonly repository: Repository; readonly top: Ops; readonly sub: Ops }

/** A repository with a store at its top and one in a folder, each with a closed Op. */
const twoStores = async (folder = 'sub'): Promise<Stores> => {
  const repository = await newRepository({ files: { [`${folder}/file.txt`]: 'x\n' } })
  const [top, sub] = [
    await storeAt(repository.path),
    await storeAt(join(repository.path, ...folder.split('/'))),
  ]
  await closedOp(top)
  return { repository, top, sub }
}

const gate = ({ repository }: Pick<Stores, 'repository'>, since?: string) =>
  verifyBranch({ root: repository.path, ...(since !== undefined && { since }) })

/** Changes a closed record of the store below the top, and commits that. */
const tamper = async ({ repository, sub }: Stores, path: string): Promise<void> => {
  const file = join(sub.root, path)
  const text = await readFile(file, 'utf8')
  await repository.write(file.slice(repository.path.length + 1), text.replace('"done"', '"failed"'))
  await repository.commit('Better so')
}

describe('ops verify at the top', () => {
  it.each(['sub', 'deep/er', 'odd [name]*'])('checks the store in %s', async (folder) => {
    const stores = await twoStores(folder)
    const { id, path } = await closedOp(stores.sub)
    expect(await gate(stores)).toMatchObject({ ok: true, checked: { records: 2, commits: 2 } })
    await tamper(stores, path)
    const { violations } = await gate(stores)
    const root = stores.sub.root
    expect(violations).toMatchObject([{ id: 'changed-after-close', invocation_id: id, path, root }])
    expect(violations[0]?.next).toContainEqual({ verb: 'git-checkout-index', path })
  })

  it('finds what a commit before or after a revision changed there', async () => {
    const stores = await twoStores()
    const { path } = await closedOp(stores.sub)
    await stores.repository.git('tag', 'before')
    await tamper(stores, path)
    await stores.repository.git('tag', 'after')
    await closedOp(stores.top)
    expect((await gate(stores, 'before')).violations).toMatchObject([{ id: 'changed-after-close' }])
    expect(await gate(stores, 'after')).toMatchObject({ ok: true, checked: { records: 1 } })
  })

  it('finds that a whole store was deleted, also by a merge that took the older side', async () => {
    const stores = await twoStores()
    const { repository, sub } = stores
    const { git } = repository
    await git('branch', 'older')
    const { id } = await closedOp(sub)
    await git('tag', 'there')
    await git('checkout', '--quiet', 'older')
    await closedOp(stores.top)
    await git('merge', '--quiet', '--no-edit', '--strategy', 'ours', 'there')
    await rm(join(repository.path, 'sub'), { recursive: true, force: true })
    for (const since of [undefined, 'there']) {
      const { violations } = await gate(stores, since)
      expect(violations).toMatchObject([{ id: 'deleted-record', invocation_id: id }])
      const path = `sub/kitty-ops/${id}.jsonl`
      expect(violations[0]).toMatchObject({ path, next: [{ verb: 'git-log-deletions', path }] })
      expect(violations[0]).not.toHaveProperty('root')
    }
  })

  it('is shut until the record is restored there', async () => {
    const stores = await twoStores()
    const { repository, sub } = stores
    const { id, path } = await closedOp(sub)
    await repository.git('rm', '--quiet', `sub/${path}`)
    await repository.git('commit', '--quiet', '-m', 'Tidied')
    const { violations } = await gate(stores)
    expect(violations).toMatchObject([{ id: 'deleted-record', root: sub.root, path }])
    expect(violations[0]?.next).toContainEqual({ verb: 'restore', id })
    await restoreOps({ ops: sub, ids: [id] })
    await doctorOps({ ops: sub, fix: true })
    expect(await gate(stores)).toMatchObject({ ok: true })
  })

  it('checks them in a bare repository, also where git uses only one that is named', async () => {
    const stores = await twoStores()
    const { id, path } = await closedOp(stores.sub)
    await tamper(stores, path)
    const bare = await tempFolder()
    await stores.repository.git('clone', '--quiet', '--bare', stores.repository.path, bare)
    const explicit = {
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.bareRepository',
      GIT_CONFIG_VALUE_0: 'explicit',
    }
    const verified = await withEnv(explicit, async () => [
      await verifyBranch({ root: bare }),
      await verifyBranch({ root: join(bare, 'refs') }),
      await verifyBranch({ root: bare, since: 'HEAD~1' }),
    ])
    for (const { violations } of verified) {
      expect(violations).toMatchObject([{ invocation_id: id, path: `sub/${path}` }])
    }
  })

  it('takes a store that moved as moved, and finds what changed with it', async () => {
    const stores = await twoStores()
    const { repository, sub } = stores
    const { id, path } = await closedOp(sub)
    await repository.git('tag', 'before')
    await repository.git('mv', 'sub', 'lib')
    await repository.git('commit', '--quiet', '-m', 'Another name')
    for (const since of [undefined, 'before']) {
      expect(await gate(stores, since)).toMatchObject({ ok: true, violations: [] })
    }
    await repository.git('reset', '--quiet', '--hard', 'before')
    await repository.git('mv', 'sub', 'moved')
    const text = await repository.read(`moved/${path}`)
    await repository.write(`moved/${path}`, text.replace('"done"', '"failed"'))
    await repository.commit('Another name, and another outcome')
    for (const since of [undefined, 'before']) {
      const { violations } = await gate(stores, since)
      const root = join(repository.path, 'moved')
      expect(violations).toMatchObject([{ id: 'changed-after-close', invocation_id: id, root }])
    }
  })

  it('ignores files that are no records, and takes an Op in both stores for two', async () => {
    const stores = await twoStores()
    const { repository, top } = stores
    const { id, path } = await closedOp(top)
    await repository.write('docs/kitty-ops/readme.jsonl', '{}\n')
    await repository.write(`docs/${path}`, await repository.read(path))
    await repository.commit('A copy')
    expect(await gate(stores)).toMatchObject({ ok: true, checked: { records: 3 } })
    await repository.write(`docs/${path}`, `${await repository.read(path)}{}\n`)
    await repository.commit('Changed')
    const { violations } = await gate(stores)
    const root = join(repository.path, 'docs')
    expect(violations.map((each) => [each.invocation_id, each.root])).toContainEqual([id, root])
    expect(violations.every((each) => each.root === root)).toBe(true)
  })
})

describe('below the top', () => {
  it('ops verify names the stores that it did not check', async () => {
    const { repository, sub } = await twoStores()
    await closedOp(sub)
    const { ok, checked, notes } = await verifyBranch({ root: sub.root })
    expect({ ok, checked }).toEqual({ ok: true, checked: { records: 1, commits: 1 } })
    expect(notes).toMatchObject([
      { id: 'other-store', next: [{ verb: 'verify-there', path: repository.path }] },
    ])
    expect(notes[0]?.message).toContain('the top folder')
  })
})

describe('the doctor', () => {
  it('names the other stores, and is healthy', async () => {
    const { repository, top, sub } = await twoStores()
    const findings = async (ops: Ops) => (await doctorOps({ ops })).findings
    expect(await findings(top)).toEqual([])
    await closedOp(sub)
    const report = await doctorOps({ ops: top })
    expect(report).toMatchObject({
      healthy: true,
      findings: [{ id: 'other-store', next: [{ verb: 'doctor-there', path: sub.root }] }],
    })
    expect(report.findings[0]?.message).toMatch(/another store, which was not checked: sub\.$/)
    expect(await findings(sub)).toMatchObject([{ next: [{ path: repository.path }] }])
    await repository.write('third/file.txt', 'x\n')
    await closedOp(await storeAt(join(repository.path, 'third')))
    expect((await findings(top))[0]?.message).toContain('2 other stores')
  })

  it('names a store without any commit, and one that is not on the disk', async () => {
    const { repository, top, sub } = await twoStores()
    await sub.start(request)
    const message = async () => (await doctorOps({ ops: top })).findings[0]
    expect(await message()).toMatchObject({
      id: 'other-store',
      next: [{ verb: 'doctor-there', path: sub.root }],
    })
    await rm(join(sub.root, 'kitty-ops'), { recursive: true })
    expect(await message()).toMatchObject({ next: [{ verb: 'doctor-there', path: sub.root }] })
    await closedOp(sub)
    await rm(join(repository.path, 'sub'), { recursive: true })
    expect(await message()).toMatchObject({
      message: expect.stringMatching(/which was not checked: sub\.$/),
      next: [],
    })
  })
})
