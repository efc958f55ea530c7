import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { leaveWork } from '../support/branches.js'
import { expectCommitted } from '../support/expect-committed.js'
import { answerOf, closeOne, storeAt } from '../support/ops.js'
import { cloneOf, PLACES } from '../support/places.js'

const OURS = ['kitty-ops', 'services/api/kitty-ops']

describe.each(Object.entries(PLACES))('%s', (_, make) => {
  it('takes Ops, and leaves the user’s work alone', async () => {
    const repository = await make()
    if ((await repository.tryGit('symbolic-ref', 'HEAD')).exitCode !== 0) {
      await repository.git('checkout', '--quiet', '-b', 'work-here')
    }
    await repository.write('half.txt', 'staged\n')
    await repository.git('add', 'half.txt')
    await repository.write('half.txt', 'changed\n')
    const staged = () => repository.git('diff', '--binary', 'HEAD', '--', '.', ':!kitty-ops')
    const before = await staged()
    const ops = await storeAt(repository)
    const closed = [await closeOne(ops), await closeOne(ops)]
    expect(closed.map(answerOf)).toEqual(['committed', 'committed'])
    for (const each of closed) await expectCommitted(repository, ops, each)
    expect(await staged()).toBe(before)
  })
})

describe('what cannot be fetched without a network', () => {
  it('defers if the tip’s folders are missing, and leaves nothing behind', async () => {
    const repository = await cloneOf('--filter=tree:0')
    const tip = await repository.head()
    const older = await repository.git('rev-parse', 'HEAD~1')
    await repository.write('.git/refs/heads/work', `${older}\n`)
    const ops = await storeAt(repository)
    const closed = await closeOne(ops)
    expect(answerOf(closed)).toBe('objects-missing')
    const left = await readdir(join(repository.path, '.git'))
    expect(left.filter((name) => /crash|lock/.test(name))).toEqual([])
    await repository.write('.git/refs/heads/work', `${tip}\n`)
    await ops.flush()
    await expectCommitted(repository, ops, closed)
  })
})

describe('without a repository to commit to', () => {
  it('outside git: skipped, and the record is on disk', async () => {
    const repository = repositoryAt(await tempFolder())
    const ops = await storeAt(repository)
    const closed = await closeOne(ops)
    expect(closed.commit).toEqual({ status: 'skipped', reason: 'no-repository' })
    expect(await repository.read(closed.path)).toContain('"completed"')
  })

  it.each([
    ['in a bare repository', '.'],
    ['inside a git directory', 'objects'],
  ])('%s: refused, and nothing is written', async (_, below) => {
    const folder = await tempFolder()
    await repositoryAt(folder).git('init', '--quiet', '--bare', '--template=')
    const before = await readdir(folder, { recursive: true })
    await expect(storeAt({ path: join(folder, below) })).rejects.toMatchObject({
      code: 'NO_WORK_TREE',
    })
    expect(await readdir(folder, { recursive: true })).toEqual(before)
  })

  it('beside a bare repository that `.git` names: refused; its work trees commit', async () => {
    const { path, git } = await newRepository()
    const folder = await tempFolder()
    await git('clone', '--quiet', '--bare', path, join(folder, '.bare'))
    await writeFile(join(folder, '.git'), 'gitdir: ./.bare\n')
    await expect(storeAt({ path: folder })).rejects.toMatchObject({ code: 'NO_WORK_TREE' })
    await repositoryAt(folder).git('worktree', 'add', '--quiet', '-b', 'topic', 'topic')
    const linked = repositoryAt(join(folder, 'topic'))
    await linked.git('config', 'user.name', 'Ursula')
    await linked.git('config', 'user.email', 'ursula@example.org')
    const ops = await storeAt(linked)
    await expectCommitted(linked, ops, await closeOne(ops))
  })

  it('with `core.worktree`: refused, until that folder leads to the repository', async () => {
    const repository = await newRepository()
    const elsewhere = await tempFolder()
    await repository.git('config', 'core.worktree', elsewhere)
    const line = `gitdir: ${join(repository.path, '.git')}`
    await expect(storeAt(repository)).rejects.toMatchObject({
      code: 'NO_WORK_TREE',
      hint: expect.stringContaining(line),
    })
    await writeFile(join(elsewhere, '.git'), `${line}\n`)
    const other = repositoryAt(elsewhere)
    const ops = await storeAt(other)
    await expectCommitted(other, ops, await closeOne(ops))
  })

  it.each([
    ['there', '.'],
    ['in a folder above', '..'],
  ])('the next Op takes those along, once there is a repository %s', async (_, above) => {
    const folder = join(await tempFolder(), 'project')
    await mkdir(folder)
    const before = await storeAt({ path: folder })
    const closed = [await closeOne(before), await closeOne(before)]
    const repository = repositoryAt(join(folder, above))
    await repository.git('init', '--quiet', '--template=')
    await repository.git('config', 'user.name', 'Ursula')
    await repository.git('config', 'user.email', 'ursula@example.org')
    const ops = await storeAt({ path: folder })
    const here = repositoryAt(folder)
    for (const each of [...closed, await closeOne(ops)]) await expectCommitted(here, ops, each)
  })

  it('the Op is committed once there is a repository', async () => {
    const folder = await tempFolder()
    const before = await storeAt({ path: folder })
    const closed = await closeOne(before)
    const repository = repositoryAt(folder)
    await repository.git('init', '--quiet', '--template=')
    await repository.git('config', 'user.name', 'Ursula')
    await repository.git('config', 'user.email', 'ursula@example.org')
    const ops = await storeAt(repository)
    expect(await ops.commitClosed(closed.id)).toMatchObject({ status: 'committed' })
    expect(await repository.git('show', '--format=', '--name-only')).toContain(closed.path)
  })
})

describe('two project roots in one work tree', () => {
  it('share the index, and each keeps to its own folder', async () => {
    const repository = await newRepository({ files: { 'half.txt': 'a\n\n\nb\n' } })
    await leaveWork(repository)
    await repository.write('services/api/file.txt', 'a file\n')
    const before = await repository.stagedState(OURS)
    const roots = [repository, repositoryAt(join(repository.path, 'services', 'api'))]
    const stores = await Promise.all(roots.map((root) => storeAt(root)))
    const closed = await Promise.all(stores.flatMap((ops) => [closeOne(ops), closeOne(ops)]))
    expect(closed.map(answerOf)).toEqual(closed.map(() => 'committed'))
    for (const [number, each] of closed.entries()) {
      const at = Math.floor(number / 2)
      const [root, ops] = [roots[at], stores[at]]
      if (root && ops) await expectCommitted(root, ops, each)
    }
    expect(await repository.stagedState(OURS)).toEqual(before)
  })
})
