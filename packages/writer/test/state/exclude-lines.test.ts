import { chmodSync, chownSync, existsSync, lstatSync, statSync, unlinkSync } from 'node:fs'
import { appendFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpId } from '@kitty/record'
import {
  ANOTHER_USER,
  asOrdinaryUser,
  newRepository,
  type Repository,
  tempFolder,
} from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { type LockPaths, tryLock } from '../../src/lock/lock-file.js'
import { stateFoldersIn } from '../../src/project/state-dir.js'
import {
  ExcludeLines,
  excludeLockOf,
  excludePathOf,
  excludePattern,
  excludeProblem,
  hasExcludeLine,
  indexExcludePattern,
  listExcludeLines,
  removeExcludeLines,
} from '../../src/state/exclude-lines.js'
import { StateFolder } from '../../src/state/state-folder.js'
import { idAt } from '../support/records.js'
import { DONE, openIn, REQUEST } from '../support/store.js'
import { always, committing, NOT_NOW } from '../support/strategies.js'

const isWindows = process.platform === 'win32'
// Only root can give a file to another user.
const isRoot = process.getuid?.() === 0

const commonDirOf = ({ path }: Pick<Repository, 'path'>): string => join(path, '.git')

/** The lines of a root, with the state folder and `info/` in place. */
const linesOf = async (root: string, isEnabled = true): Promise<ExcludeLines> => {
  const folder = await StateFolder.find(root)
  await folder.ensure()
  return new ExcludeLines(root, () => folder.location, { isEnabled, hidesAll: false })
}

/** A repository with a text in `info/exclude`. */
const withExclude = async (text: string) => {
  const repository = await newRepository()
  const path = excludePathOf(commonDirOf(repository))
  await mkdir(join(path, '..'))
  await writeFile(path, text)
  return { repository, path, lines: await linesOf(repository.path) }
}

const IDS: readonly OpId[] = Array.from({ length: 65 }, (_, at) => idAt(at))

/** The same id each time. */
const opAt = (at: number): OpId => {
  const id = IDS[at]
  if (id === undefined) throw new Error(`No id ${at}`)
  return id
}

const hidden = (id: OpId, prefix = ''): string => excludePattern(prefix, id)
const shown = (id: OpId, prefix = ''): string => `#${hidden(id, prefix).slice(1)}`

describe('a record', () => {
  it('is hidden from git while its Op is open, and an ordinary file once it is committed', async () => {
    const { path, statusPorcelain } = await newRepository()
    const ops = await openIn(path, { strategy: committing() })
    const { id, path: record } = await ops.start(REQUEST)
    expect(await statusPorcelain()).toEqual([])
    expect(listExcludeLines(join(path, '.git'))).toEqual([{ id, pattern: `/${record}` }])
    await ops.complete(id, DONE)
    expect(await statusPorcelain()).toContain(`?? ${record}`)
    expect(listExcludeLines(join(path, '.git'))).toEqual([])
  })

  it('is shown to the strategy, and hidden again if it is not committed', async () => {
    const { path, statusPorcelain } = await newRepository()
    const seen: string[][] = []
    const commit = async () => {
      seen.push(await statusPorcelain())
      return [NOT_NOW]
    }
    const ops = await openIn(path, { strategy: { name: 'mine', commit } })
    const { id, path: record } = await ops.start(REQUEST)
    expect((await ops.complete(id, DONE)).commit.status).toBe('deferred')
    expect(seen[0]).toContain(`?? ${record}`)
    expect(await statusPorcelain()).not.toContain(`?? ${record}`)
  })

  it('stays visible without the option', async () => {
    const { path, statusPorcelain } = await newRepository()
    const ops = await openIn(path, { exclude: false, strategy: always(NOT_NOW) })
    const { id, path: record } = await ops.start(REQUEST)
    await ops.complete(id, DONE)
    expect(await statusPorcelain()).toContain(`?? ${record}`)
    const file = join(path, '.git', 'info', 'exclude')
    expect(await readFile(file, 'utf8').catch(() => '')).toBe('')
  })

  it.skipIf(isWindows).each(['a[b]*c?d', 'back\\slash', 'line\nfeed', '#start', '!no', 'é'])(
    'of a root with the name %j is hidden, and nothing else is',
    async (name) => {
      const repository = await newRepository()
      const root = join(repository.path, name)
      await mkdir(join(root, 'kitty-ops'), { recursive: true })
      const ops = await openIn(root)
      const { path } = await ops.start(REQUEST)
      expect(existsSync(join(root, path))).toBe(true)
      expect(await repository.statusPorcelain()).toEqual([])
      await writeFile(join(root, 'kitty-ops', 'other.jsonl'), '')
      expect(await repository.statusPorcelain()).toHaveLength(1)
    },
  )

  it('that came from another root is shown too', async () => {
    const [one, other] = [opAt(1), opAt(2)]
    const { lines, path } = await withExclude(`${hidden(one, 'old/place')}\n${hidden(other)}\n`)
    expect(await lines.show([one])).toBe(true)
    expect(await readFile(path, 'utf8')).toBe(`${shown(one, 'old/place')}\n${hidden(other)}\n`)
  })
})

describe('a line', () => {
  it('is appended after a last line without a line feed, once', async () => {
    const { lines, path } = await withExclude('*.log')
    await lines.hide([opAt(1)])
    await lines.hide([opAt(1)])
    expect(await readFile(path, 'utf8')).toBe(`*.log\n${hidden(opAt(1))}\n`)
  })

  it('is taken out in place, and its slot is used again', async () => {
    const { lines, path } = await withExclude('*.log\n')
    await lines.hide([opAt(1), opAt(2)])
    await appendFile(path, '*.tmp\n')
    await lines.show([opAt(1)])
    const text = (first: string) => `*.log\n${first}\n${hidden(opAt(2))}\n*.tmp\n`
    expect(await readFile(path, 'utf8')).toBe(text(shown(opAt(1))))
    await lines.hide([opAt(3)])
    expect(await readFile(path, 'utf8')).toBe(text(hidden(opAt(3))))
  })

  it('takes its own slot before another one', async () => {
    const { lines, path } = await withExclude(`${shown(opAt(1))}\n${shown(opAt(2))}\n`)
    await lines.hide([opAt(2)])
    expect(await readFile(path, 'utf8')).toBe(`${shown(opAt(1))}\n${hidden(opAt(2))}\n`)
  })

  it('takes no slot of another length', async () => {
    const slot = `${shown(opAt(1), 'longer')}\n`
    const { lines, path } = await withExclude(slot)
    await lines.hide([opAt(2)])
    expect(await readFile(path, 'utf8')).toBe(`${slot}${hidden(opAt(2))}\n`)
  })

  it('counts with a carriage return, which stays', async () => {
    const { lines, path, repository } = await withExclude(`*.log\r\n${hidden(opAt(1))}\r\n`)
    await lines.hide([opAt(1)])
    const listed = listExcludeLines(commonDirOf(repository))
    expect(listed).toEqual([{ id: opAt(1), pattern: hidden(opAt(1)) }])
    await lines.show([opAt(1)])
    expect(await readFile(path, 'utf8')).toBe(`*.log\r\n${shown(opAt(1))}\r\n`)
  })

  it('is not added after 64 of them, except the one of the index', async () => {
    const many = Array.from({ length: 64 }, (_, at) => `${hidden(opAt(at))}\n`).join('')
    const { lines, path } = await withExclude(many)
    await lines.hide([opAt(64)])
    expect(await readFile(path, 'utf8')).toBe(many)
    expect(await lines.hideIndex()).toBe(true)
    expect(await readFile(path, 'utf8')).toBe(`${many}${indexExcludePattern('')}\n`)
    await lines.show([opAt(7)])
    await lines.hide([opAt(64)])
    expect(hasExcludeLine(path, hidden(opAt(64)))).toBe(true)
  })

  it('of a record that is on no disk makes room for another one', async () => {
    const many = IDS.slice(0, 62).map((id) => `${hidden(id)}\n`)
    const { repository, path } = await withExclude(many.join(''))
    const linked = join(await tempFolder(), 'linked')
    await repository.git('worktree', 'add', '--quiet', linked)
    const there = await (await openIn(linked)).start(REQUEST)
    const here = await openIn(repository.path)
    const [first, second] = [await here.start(REQUEST), await here.start(REQUEST)]
    const ids = listExcludeLines(commonDirOf(repository)).map(({ id }) => id)
    expect(ids.toSorted()).toEqual([there.id, first.id, second.id].toSorted())
    expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(65)
    expect(await repository.git('status', '--porcelain')).toBe('')
  })

  it('of a removed work tree can be removed; lines of the user stay', async () => {
    const [one, other] = [opAt(1), opAt(2)]
    const users = `/kitty-ops/\n/kitty-ops/mine.jsonl\n#kitty-ops/${one}.json\n`
    const text = `${users}${hidden(one, 'app')}\n${hidden(other)}\n`
    const { repository, path } = await withExclude(text)
    const listed = listExcludeLines(commonDirOf(repository))
    expect(listed.map(({ id }) => id)).toEqual([one, other])
    await removeExcludeLines(commonDirOf(repository), listed.slice(0, 1))
    expect(await readFile(path, 'utf8')).toBe(`${users}${shown(one, 'app')}\n${hidden(other)}\n`)
  })

  it('is not written while another process changes the file, and nothing fails', async () => {
    const { lines, path, repository } = await withExclude(`${hidden(opAt(1))}\n`)
    const commonDir = commonDirOf(repository)
    const paths: LockPaths = excludeLockOf(commonDir)
    const lock = tryLock(paths)
    if (lock.kind !== 'held') throw new Error('The lock must be free.')
    try {
      const [isShown, , removed] = await Promise.allSettled([
        lines.show([opAt(1)]),
        lines.hide([opAt(2)]),
        removeExcludeLines(commonDir, listExcludeLines(commonDir)),
      ])
      expect(isShown).toMatchObject({ value: false })
      expect(removed).toMatchObject({ reason: { code: 'LOCK_TIMEOUT' } })
      expect(await readFile(path, 'utf8')).toBe(`${hidden(opAt(1))}\n`)
    } finally {
      lock.release()
    }
    expect(await lines.show([opAt(1)])).toBe(true)
  })
})

describe('the index', () => {
  it('is hidden and shown by one line', async () => {
    const { lines, path, repository } = await withExclude('')
    await repository.write('kitty-ops/ops-index.jsonl', '')
    expect(await lines.hideIndex()).toBe(true)
    expect(await repository.statusPorcelain()).toEqual([])
    expect(await lines.show([], 'show')).toBe(true)
    expect(hasExcludeLine(path, indexExcludePattern(''))).toBe(false)
    expect(await repository.statusPorcelain()).toHaveLength(1)
  })

  it('is not hidden without the option, but shown', async () => {
    const { lines, repository } = await withExclude('')
    await lines.hideIndex()
    const without = await linesOf(repository.path, false)
    expect(await without.hideIndex()).toBe(true)
    await without.show([], 'show')
    expect(await without.hideIndex()).toBe(false)
  })

  it('counts as hidden outside git', async () => {
    expect(await (await linesOf(await tempFolder())).hideIndex()).toBe(true)
  })
})

describe('the file', () => {
  it('is created with its folder if it is missing', async () => {
    const { path } = await newRepository()
    const lines = await linesOf(path)
    expect(excludeProblem(join(path, '.git'))).toBeUndefined()
    expect(listExcludeLines(join(path, '.git'))).toEqual([])
    await lines.hide([opAt(1)])
    const file = join(path, '.git', 'info', 'exclude')
    expect(await readFile(file, 'utf8')).toBe(`${hidden(opAt(1))}\n`)
    expect(excludeProblem(join(path, '.git'))).toBeUndefined()
  })

  it.skipIf(isWindows)('can be written by the group of a shared repository', async () => {
    const repository = await newRepository()
    await repository.git('config', 'core.sharedRepository', 'group')
    await (await linesOf(repository.path)).hide([opAt(1)])
    const info = join(repository.path, '.git', 'info')
    expect(statSync(info).mode & 0o2070).toBe(0o2070)
    expect(statSync(join(info, 'exclude')).mode & 0o060).toBe(0o060)
  })

  it.skipIf(isWindows)('can be a symbolic link, which stays one', async () => {
    const { lines, path } = await withExclude('')
    const target = join(await tempFolder(), 'mine')
    await writeFile(target, '*.log\n')
    unlinkSync(path)
    await symlink(target, path)
    await lines.hide([opAt(1)])
    expect(lstatSync(path).isSymbolicLink()).toBe(true)
    expect(await readFile(target, 'utf8')).toBe(`*.log\n${hidden(opAt(1))}\n`)
    expect(await lines.show([opAt(1)])).toBe(true)
    expect(await readFile(target, 'utf8')).toBe(`*.log\n${shown(opAt(1))}\n`)
  })

  it.each(['exclude', 'info'])('does not fail an Op if `%s` is something else', async (name) => {
    const repository = await newRepository()
    const info = join(repository.path, '.git', 'info')
    if (name === 'info') await writeFile(info, '')
    else await mkdir(join(info, 'exclude'), { recursive: true })
    const ops = await openIn(repository.path, { strategy: committing() })
    const { id, path } = await ops.start(REQUEST)
    // Git itself refuses to work with a folder there.
    if (name === 'info') expect(await repository.statusPorcelain()).toContain(`?? ${path}`)
    expect((await ops.complete(id, DONE)).commit.status).toBe('committed')
    expect(excludeProblem(commonDirOf(repository))).toBe('not-a-file')
    expect(hasExcludeLine(join(info, 'exclude'), hidden(id))).toBe(false)
    expect(() => listExcludeLines(commonDirOf(repository))).toThrow()
  })

  it.skipIf(!isRoot)('of another user is left alone', async () => {
    const { lines, path, repository } = await withExclude('*.log\n')
    chownSync(path, ANOTHER_USER, ANOTHER_USER)
    await lines.hide([opAt(1)])
    expect(await readFile(path, 'utf8')).toBe('*.log\n')
    expect(excludeProblem(commonDirOf(repository))).toBe('foreign-owner')
  })

  it.skipIf(!isRoot)('of another user is changed if users share the repository', async () => {
    const repository = await newRepository()
    await repository.git('config', 'core.sharedRepository', 'all')
    const path = excludePathOf(commonDirOf(repository))
    await mkdir(join(path, '..'))
    await writeFile(path, '*.log\n')
    chownSync(path, ANOTHER_USER, ANOTHER_USER)
    await (await linesOf(repository.path)).hide([opAt(1)])
    expect(await readFile(path, 'utf8')).toBe(`*.log\n${hidden(opAt(1))}\n`)
    expect(excludeProblem(commonDirOf(repository))).toBeUndefined()
  })

  it.skipIf(isWindows).each([0o444, 0o000])(
    'does not fail an Op if its mode is %o, and is unchanged',
    async (mode) => {
      const text = `${hidden(opAt(1))}\n`
      const { repository, path } = await withExclude(text)
      await asOrdinaryUser(repository.path, async () => {
        chmodSync(path, mode)
        expect(excludeProblem(commonDirOf(repository))).toBe('read-only')
        expect(hasExcludeLine(path, hidden(opAt(1)))).toBe(mode !== 0)
        const lines = await linesOf(repository.path)
        expect(await lines.show([opAt(1)])).toBe(false)
        const ops = await openIn(repository.path, { strategy: committing() })
        const { id } = await ops.start(REQUEST)
        expect((await ops.complete(id, DONE)).commit.status).toBe('committed')
        chmodSync(path, 0o644)
      })
      expect(await readFile(path, 'utf8')).toBe(text)
    },
  )
})

it('the state folders of all roots in all work trees are listed', async () => {
  const { path, git } = await newRepository()
  const linked = join(await tempFolder(), 'linked')
  await git('worktree', 'add', '--quiet', linked)
  expect(stateFoldersIn(join(path, '.git'))).toEqual([])
  const dirs: string[] = []
  for (const root of [path, join(path, 'app'), linked]) {
    await mkdir(root, { recursive: true })
    const folder = await StateFolder.find(root)
    await folder.ensure()
    dirs.push(folder.dir)
  }
  expect([...stateFoldersIn(join(path, '.git'))].sort()).toEqual(dirs.sort())
})

it('an Op that was not opened leaves no line', async () => {
  const { path, write } = await newRepository()
  const ops = await openIn(path)
  await write('kitty-ops', 'a file\n')
  await expect(ops.start(REQUEST)).rejects.toMatchObject({ code: 'NOT_A_FOLDER' })
  expect(listExcludeLines(join(path, '.git'))).toEqual([])
})
