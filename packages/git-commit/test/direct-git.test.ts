import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { type Ops, openOps } from '@kitty/writer'
import { describe, expect, it } from 'vitest'
import { directGit } from '../src/direct-git.js'

const request = {
  profile_id: 'debugger-debbie',
  action: 'investigate',
  request_text: 'Why does it fail?',
  actor: 'operator',
}

const storeIn = (repository: Repository): Promise<Ops> =>
  openOps({ root: repository.path, strategy: directGit(), durability: 'process' })

describe('direct git', () => {
  it('commits a closed Op, its own paths alone', async () => {
    const repository = await newRepository()
    const ops = await storeIn(repository)
    const op = await ops.start(request)
    expect(await repository.statusPorcelain()).toEqual([])
    const { commit } = await ops.complete(op.id, { outcome: 'done' })
    expect(commit).toEqual({ status: 'committed', sha: await repository.head() })
    expect(await repository.git('show', '--format=', '--name-only', 'HEAD')).toBe(
      ['kitty-ops/.gitattributes', op.path].join('\n'),
    )
    expect((await repository.git('log', '-1', '--format=%B')).trimEnd()).toBe(
      `op(debugger-debbie): investigate [${op.id.slice(0, 8)}]\n\n` +
        `Op-Id: ${op.id}\nOp-Outcome: done`,
    )
    expect(await repository.statusPorcelain()).toEqual([])
    expect(await ops.pending()).toEqual([])
  })

  it('leaves a half staged file as it is', async () => {
    const repository = await newRepository({ files: { 'a.txt': 'one\n\n\n\n\ntwo\n' } })
    await repository.write('a.txt', 'ONE\n\n\n\n\ntwo\n')
    await repository.git('add', 'a.txt')
    await repository.write('a.txt', 'ONE\n\n\n\n\nTWO\n')
    const before = await repository.stagedState(['kitty-ops'])
    const ops = await storeIn(repository)
    const op = await ops.start(request)
    const { commit } = await ops.complete(op.id, { outcome: 'failed' })
    expect(commit.status).toBe('committed')
    expect(await repository.stagedState(['kitty-ops'])).toEqual(before)
  })

  it('makes the first commit of a repository', async () => {
    const repository = await newRepository({ unborn: true })
    const ops = await storeIn(repository)
    const op = await ops.start(request)
    const { commit } = await ops.complete(op.id, { outcome: 'done' })
    expect(commit.status).toBe('committed')
    expect(await repository.log('%T')).toHaveLength(1)
    expect(await repository.git('fsck', '--strict')).toBe('')
  })

  it('commits a hundred at once, each on its own, the index with the last', async () => {
    const repository = await newRepository()
    const ops = await openOps({
      root: repository.path,
      strategy: directGit(),
      durability: 'process',
      commitOpsIndex: true,
    })
    const started = await Promise.all(Array.from({ length: 100 }, () => ops.start(request)))
    const completions = await Promise.all(
      started.map(({ id }) => ops.complete(id, { outcome: 'done' })),
    )
    const shas = completions.map(({ commit }) => (commit.status === 'committed' ? commit.sha : ''))
    const history = await repository.log('%H')
    expect(new Set(shas).size).toBe(100)
    expect(history.slice(0, 100).sort()).toEqual([...shas].sort())
    const withIndex = await repository.git('log', '--format=%H', '--', 'kitty-ops/ops-index.jsonl')
    expect(withIndex).toBe(await repository.head())
    expect(await repository.statusPorcelain()).toEqual([])
  })

  it('skips if there is no repository', async () => {
    const ops = await openOps({ root: await tempFolder(), strategy: directGit() })
    const op = await ops.start(request)
    const { commit } = await ops.complete(op.id, { outcome: 'done' })
    expect(commit).toEqual({ status: 'skipped', reason: 'no-repository' })
  })
})
