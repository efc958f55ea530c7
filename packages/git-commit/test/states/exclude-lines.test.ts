import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gitIn, newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { noCommit } from '@kitty/writer'
import { describe, expect, it } from 'vitest'
import { closeOne, DONE, expectOnce, openIn, REQUEST } from '../support/store.js'

const excludeOf = ({ path }: Repository): Promise<string> =>
  readFile(join(path, '.git', 'info', 'exclude'), 'utf8').catch(() => '')

/** The lines that hide a record now. */
const hidden = async (repository: Repository): Promise<readonly string[]> =>
  (await excludeOf(repository)).split('\n').filter((line) => /^\/.*[0-9A-Z]{26}\.jsonl$/.test(line))

const status = ({ git }: Repository): Promise<string> =>
  git('status', '--porcelain', '--untracked-files=all')

const exists = (path: string): Promise<boolean> =>
  readFile(path).then(
    () => true,
    () => false,
  )

describe('an open record is not', () => {
  it.each([
    ['in git status', ['status', '--porcelain']],
    ['added by add -A', ['add', '-A']],
    ['committed by commit -a', ['commit', '-qam', 'work', '--allow-empty']],
    ['taken by stash -u', ['stash', '--include-untracked', '--quiet']],
    ['deleted by clean -fd', ['clean', '-fdq']],
  ])('%s', async (_, args) => {
    const repository = await newRepository()
    await repository.write('work.txt', 'work\n')
    const ops = await openIn(repository.path)
    const { id, path } = await ops.start(REQUEST)
    expect(await repository.git(...args)).not.toContain(id)
    expect(await repository.git('ls-files', '-s')).not.toContain(id)
    expect(await exists(join(repository.path, path))).toBe(true)
    expect(await ops.complete(id, DONE)).toMatchObject({
      notes: [],
      commit: { status: 'committed' },
    })
    await expectOnce(repository, [id])
    expect(await hidden(repository)).toEqual([])
  })

  it('a reason for git worktree remove to refuse, and its Op survives that', async () => {
    const repository = await newRepository()
    const linked = join(await tempFolder(), 'linked')
    await repository.git('worktree', 'add', '--quiet', linked)
    const { id } = await (await openIn(linked)).start(REQUEST)
    await repository.git('worktree', 'remove', linked)
    const ops = await openIn(repository.path)
    expect(await ops.adopt(id)).toBe(true)
    await ops.complete(id, DONE)
    await expectOnce(repository, [id])
  })

  it('seen below the top, in a submodule, or in a linked work tree', async () => {
    const repository = await newRepository()
    const inner = await newRepository()
    await repository.git(
      '-c',
      'protocol.file.allow=always',
      'submodule',
      'add',
      '-q',
      inner.path,
      'sub',
    )
    await repository.git('commit', '-qm', 'Add a submodule')
    for (const key of ['name', 'email']) {
      await gitIn(join(repository.path, 'sub'), ['config', `user.${key}`, 'a@example.org'])
    }
    await mkdir(join(repository.path, 'packages', 'one'), { recursive: true })
    const linked = join(await tempFolder(), 'linked')
    await repository.git('worktree', 'add', '--quiet', linked)
    for (const root of [
      join(repository.path, 'packages/one'),
      join(repository.path, 'sub'),
      linked,
    ]) {
      const ops = await openIn(root)
      const { id } = await ops.start(REQUEST)
      expect(await gitIn(root, ['status', '--porcelain'])).toBe('')
      expect((await ops.complete(id, DONE)).commit.status).toBe('committed')
    }
  })
})

it('a closed record that is not committed yet is hidden, and its commit shows it', async () => {
  const repository = await newRepository()
  const ops = await openIn(repository.path)
  await mkdir(join(repository.path, '.git', 'rebase-merge'))
  const { id, commit } = await closeOne(ops)
  expect(commit).toMatchObject({ status: 'deferred', reason: 'rebase' })
  expect(await status(repository)).toBe('')
  expect(await hidden(repository)).toEqual([`/kitty-ops/${id}.jsonl`])
  await rm(join(repository.path, '.git', 'rebase-merge'), { recursive: true })
  await ops.flush()
  await expectOnce(repository, [id])
  expect(await hidden(repository)).toEqual([])
})

it('with no strategy, a closed record is an ordinary file: git add takes it', async () => {
  const repository = await newRepository()
  const ops = await openIn(repository.path, { strategy: noCommit() })
  const { id, path } = await ops.start(REQUEST)
  await expect(repository.git('add', '--', path)).rejects.toThrow('ignored')
  await ops.complete(id, DONE)
  await repository.git('add', '--', path)
  await repository.git('commit', '-qm', 'By hand')
  expect(await repository.git('show', `HEAD:${path}`)).toContain('"completed"')
})

it('`exclude: false` leaves the file alone', async () => {
  const repository = await newRepository()
  const before = await excludeOf(repository)
  const ops = await openIn(repository.path, { exclude: false })
  const { path } = await ops.start(REQUEST)
  expect(await excludeOf(repository)).toBe(before)
  expect(await status(repository)).toContain(path)
})

describe('the lines of the user', () => {
  it.each([
    ['without a final line feed', 'mine/'],
    ['with CRLF', 'mine/\r\n'],
    ['with a byte-order mark', '\uFEFFmine/\n'],
    ['after and before ours', '*.log\n!keep.log\n'],
  ])('%s keep their meaning', async (_, text) => {
    const repository = await newRepository()
    const file = join(repository.path, '.git', 'info', 'exclude')
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
    const ops = await openIn(repository.path)
    const { id } = await ops.start(REQUEST)
    expect(await readFile(file, 'utf8')).toBe(
      `${text}${text.endsWith('\n') ? '' : '\n'}/kitty-ops/${id}.jsonl\n`,
    )
    await writeFile(file, `${await readFile(file, 'utf8')}later/\n`)
    await repository.write('mine/x', '')
    await repository.write('later/x', '')
    await repository.write('a.log', '')
    await ops.complete(id, DONE)
    const content = await readFile(file, 'utf8')
    expect(content.startsWith(text)).toBe(true)
    expect(content).toContain('\nlater/\n')
    expect(await status(repository)).not.toContain('later/')
  })

  it('are reached through a symbolic link, which stays', async () => {
    const repository = await newRepository()
    const real = join(await tempFolder(), 'exclude')
    await writeFile(real, 'mine\n')
    const file = join(repository.path, '.git', 'info', 'exclude')
    await mkdir(dirname(file), { recursive: true })
    await rm(file, { force: true })
    await symlink(real, file)
    const ops = await openIn(repository.path)
    const { id } = await ops.start(REQUEST)
    expect(await readFile(real, 'utf8')).toBe(`mine\n/kitty-ops/${id}.jsonl\n`)
    await ops.complete(id, DONE)
    expect(await readFile(real, 'utf8')).toBe(
      `mine\n#kitty-ops/${id}.jsonl\n/kitty-ops/ops-index.jsonl\n`,
    )
    await expectOnce(repository, [id])
  })

  it('that show the record again win', async () => {
    const repository = await newRepository()
    await repository.write('.gitignore', '!kitty-ops/**\n')
    const ops = await openIn(repository.path)
    const { id } = await ops.start(REQUEST)
    expect(await status(repository)).toContain(id)
    expect((await ops.complete(id, DONE)).commit.status).toBe('committed')
  })
})

describe('the Op goes on if the file', () => {
  it.each([
    ['is a folder', (file: string) => mkdir(file, { recursive: true })],
    ['is a link to nowhere', (file: string) => symlink('/nowhere/at/all', file)],
    [
      'cannot be written',
      async (file: string) => {
        await writeFile(file, 'mine\n')
        await chmod(file, 0o444)
      },
    ],
  ])('%s', async (_, make) => {
    const repository = await newRepository()
    const file = join(repository.path, '.git', 'info', 'exclude')
    await mkdir(dirname(file), { recursive: true })
    await rm(file, { recursive: true, force: true })
    await make(file)
    const { id, commit } = await closeOne(await openIn(repository.path))
    expect(commit.status).toBe(_ === 'is a folder' ? commit.status : 'committed')
    await rm(file, { recursive: true, force: true })
    await (await openIn(repository.path)).flush()
    await expectOnce(repository, [id])
  })
})

it('eight stores at once leave no line and lose no line of the user', async () => {
  const repository = await newRepository()
  const file = join(repository.path, '.git', 'info', 'exclude')
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, 'first/\n')
  const stores = await Promise.all(Array.from({ length: 8 }, () => openIn(repository.path)))
  const ids = await Promise.all(
    stores.flatMap((ops) => Array.from({ length: 4 }, async () => (await closeOne(ops)).id)),
  )
  await expectOnce(repository, ids)
  expect(await hidden(repository)).toEqual([])
  expect((await excludeOf(repository)).startsWith('first/\n')).toBe(true)
  const slots = (await excludeOf(repository)).trimEnd().split('\n').length - 1
  expect(slots).toBeLessThanOrEqual(32)
})

it('hides 64 records at most; each that is committed makes room', async () => {
  const repository = await newRepository()
  const ops = await openIn(repository.path)
  const first = await ops.start(REQUEST)
  for (let count = 1; count < 66; count += 1) await ops.start(REQUEST)
  expect(await hidden(repository)).toHaveLength(64)
  expect(
    (await status(repository)).split('\n').filter((line) => line.includes('.jsonl')),
  ).toHaveLength(2)
  await ops.complete(first.id, DONE)
  const { id } = await ops.start(REQUEST)
  expect(await hidden(repository)).toHaveLength(64)
  expect(await hidden(repository)).toContain(`/kitty-ops/${id}.jsonl`)
})
