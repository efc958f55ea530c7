import { appendFile, chmod, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { noCommit } from '@kitty/git-commit'
import { newOpId } from '@kitty/record'
import {
  ANOTHER_USER,
  asOrdinaryUser,
  newRepository,
  type Repository,
  tempFolder,
} from '@kitty/test-kit'
import { INDEX_PATH, recordPath, stateDirOf } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { doctorOps } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { closedOp, newStore, pendingOps, request, type Store, storeAt } from '../support/store.js'

const excludeOf = ({ path }: Repository): string => join(path, '.git', 'info', 'exclude')

const linesOf = async (repository: Repository): Promise<readonly string[]> =>
  (await readFile(excludeOf(repository), 'utf8')).split('\n').filter((line) => line !== '')

const addLines = async (repository: Repository, ...lines: readonly string[]): Promise<void> => {
  await mkdir(join(repository.path, '.git', 'info'), { recursive: true })
  await appendFile(excludeOf(repository), lines.map((line) => `${line}\n`).join(''))
}

describe('a line that hides a record', () => {
  it('of an open or a pending Op stays, and is no rule that bars it', async () => {
    const store = await newStore()
    await pendingOps(store, 2)
    await store.ops.start(request)
    const before = await linesOf(store.repository)
    // Two pending records, an open one, and the index.
    expect(before.filter((line) => line.startsWith('/'))).toHaveLength(4)
    const { findings } = await doctorOps({ ops: store.ops })
    expect(findings.map(({ id }) => id)).toEqual(['uncommitted', 'open-op'])
    expect(findings[0]?.message).not.toContain('exclude')
    await doctorOps({ ops: store.ops, fix: true, checks: ['needless-exclude-line'] })
    expect(await linesOf(store.repository)).toEqual(before)
  })

  it('is taken out where it is not needed; the lines of the user stay', async () => {
    const { repository, ops } = await newStore()
    const committed = await closedOp(ops)
    const off = await storeAt(repository.path, { strategy: noCommit() })
    const closed = await closedOp(off)
    const open = await ops.start(request)
    const lines = [recordPath(committed.id), recordPath(closed.id), recordPath(newOpId())]
    await addLines(repository, '*.log', ...lines.map((path) => `/${path}`), '/kitty-ops/mine.jsonl')
    const { healthy, findings } = await doctorOps({ ops: off, checks: ['needless-exclude-line'] })
    expect(healthy).toBe(true)
    expect(findings).toMatchObject([{ severity: 'info', fixable: true }])
    expect(findings[0]?.message).toContain('3 lines')
    const { fixed } = await doctorOps({ ops: off, fix: true })
    expect(fixed).toMatchObject([
      { done: true, message: expect.stringMatching(/^Took 3 needless lines out of .*exclude\.$/) },
    ])
    const hidden = (await linesOf(repository)).filter((line) => !line.startsWith('#'))
    expect(hidden.toSorted()).toEqual(
      [`/${open.path}`, '*.log', '/kitty-ops/mine.jsonl', `/${INDEX_PATH}`].toSorted(),
    )
    await ops.complete(open.id, { outcome: 'done' })
    await doctorOps({ ops, fix: true })
    await expectHealthy(ops)
  })

  it('of another root or work tree stays while an Op needs it', async () => {
    const { repository, ops } = await newStore()
    const linked = join(await tempFolder(), 'linked')
    await repository.git('worktree', 'add', '--quiet', linked)
    const below = join(repository.path, 'packages', 'app')
    await mkdir(below, { recursive: true })
    await (await storeAt(linked)).start(request)
    await (await storeAt(below)).start(request)
    const before = await linesOf(repository)
    await doctorOps({ ops, fix: true })
    expect(await linesOf(repository)).toEqual(before)
  })
})

describe('a rule of the user, beside our line,', () => {
  it.each([
    ['.gitignore', 'kitty-ops/'],
    ['.git/info/exclude', '*.jsonl'],
  ])('in %s is named: %s', async (file, rule) => {
    const { repository, ops } = await newStore()
    const { path } = await ops.start(request)
    await mkdir(join(repository.path, '.git', 'info'), { recursive: true })
    const before = await readFile(join(repository.path, file), 'utf8').catch(() => '')
    // Before ours, so that git names ours.
    await writeFile(join(repository.path, file), `${rule}\n${before}`)
    const { findings } = await doctorOps({ ops, checks: ['ignored-by-git'] })
    expect(findings).toMatchObject([
      { severity: 'warning', path: file, next: [{ verb: 'git-check-ignore', path }, {}] },
    ])
    expect(findings[0]?.message).toContain(
      `1 of the records on disk because of "${rule}" in ${file}, line 1`,
    )
  })

  it('that makes records visible again is information', async () => {
    const { repository, ops } = await newStore()
    await repository.write('.gitignore', '*.log\n!/kitty-ops/*.jsonl\n')
    const [first] = [await ops.start(request), await ops.start(request)]
    expect(await repository.git('status', '--porcelain')).toContain('kitty-ops')
    const { healthy, findings } = await doctorOps({ ops, checks: ['visible-records'] })
    expect(healthy).toBe(true)
    expect(findings).toMatchObject([
      { path: '.gitignore', next: [{ verb: 'git-check-ignore', path: first?.path }] },
    ])
    expect(findings[0]?.message).toContain('"!/kitty-ops/*.jsonl" in .gitignore, line 2')
    const off = await storeAt(repository.path, { exclude: false })
    expect((await doctorOps({ ops: off, checks: ['visible-records'] })).findings).toEqual([])
  })
})

describe('a file of exclude rules that cannot be used', () => {
  it('is named once, as information; nothing is said where hiding is off', async () => {
    const repository = await newRepository()
    await rm(excludeOf(repository), { force: true })
    await mkdir(excludeOf(repository), { recursive: true })
    const ops = await storeAt(repository.path)
    await ops.start(request)
    await ops.start(request)
    const { healthy, findings } = await doctorOps({ ops, checks: ['visible-records'] })
    expect(healthy).toBe(true)
    expect(findings).toMatchObject([{ path: excludeOf(repository), fixable: false }])
    expect(findings[0]?.message).toContain('is not a file')
    const off = await storeAt(repository.path, { exclude: false })
    expect((await doctorOps({ ops: off, checks: ['visible-records'] })).findings).toEqual([])
  })

  const foundIn = async ({ repository, ops }: Store): Promise<string | undefined> => {
    const { healthy, findings } = await doctorOps({ ops, checks: ['visible-records'] })
    expect(healthy).toBe(true)
    expect(findings).toMatchObject([{ path: excludeOf(repository), fixable: false }])
    return findings[0]?.message
  }

  it.skipIf(process.platform === 'win32')('is named where it is read-only', async () => {
    const store = await newStore()
    await addLines(store.repository, '*.log')
    await asOrdinaryUser(store.repository.path, async () => {
      await chmod(excludeOf(store.repository), 0o444)
      expect(await foundIn(store)).toContain('cannot be written')
    })
  })

  // Only the superuser can give a file to another user.
  it.runIf(process.getuid?.() === 0)('is named where it belongs to another user', async () => {
    const store = await newStore()
    await addLines(store.repository, '*.log')
    await chown(excludeOf(store.repository), ANOTHER_USER, ANOTHER_USER)
    expect(await foundIn(store)).toContain('belongs to another user')
  })
})

it('a record without state is not hidden for long', async () => {
  const { repository, ops } = await newStore()
  await ops.start(request)
  await rm((await stateDirOf(repository.path)).dir, { recursive: true })
  const { fixed } = await doctorOps({ ops: await storeAt(repository.path), fix: true })
  expect(fixed).toMatchObject([{ id: 'needless-exclude-line', done: true }])
  expect(await repository.git('status', '--porcelain')).toContain('kitty-ops')
})
