import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { newRepository, type Repository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { beforeAll, describe, expect, it } from 'vitest'
import { jsonIn, openIn, runIn } from '../support/in-process.js'

type Why = {
  readonly ops: readonly {
    invocation_id: string
    commit: string
    certainty: string
    because: string
  }[]
  readonly commits: readonly { sha: string; lines?: readonly { first: number; last: number }[] }[]
  readonly uncommitted?: readonly { first: number; last: number }[]
}

const why = async (path: string, ...argv: readonly string[]): Promise<Why> =>
  (await jsonIn(path, ['ops', 'why', ...argv])).json as Why

/** The Ops of an answer, each with how it was found. */
const found = async (path: string, ...argv: readonly string[]) =>
  (await why(path, ...argv)).ops.map((op) => [op.invocation_id, op.certainty, op.because])

/** Opens an Op, commits a file under it, and closes it with a link to the commit. */
const opThatWrites = async (
  { path, write, git, head }: Repository,
  file: string,
  text: string,
  committed = file,
): Promise<{ readonly id: string; readonly sha: string }> => {
  const id = await openIn(path, ['do', `Write ${file}`])
  await write(file, text)
  await git('add', '--', file)
  await git('commit', '--quiet', '-m', `Write ${file}`, '--', committed)
  const sha = await head()
  await jsonIn(path, ['ops', 'complete', id, '--outcome', 'done', '--link-commits'])
  return { id, sha }
}

const codeOf = async (path: string, ...argv: readonly string[]): Promise<string> => {
  const { stdout, status } = await runIn(path, ['ops', 'why', ...argv, '--json'])
  const { code } = JSON.parse(stdout).error
  expect(status).toBe(code === 'USAGE' ? 2 : 1)
  return code
}

describe('ops why', () => {
  let repository: Repository
  let one: { id: string; sha: string }
  let two: { id: string; sha: string }
  beforeAll(async () => {
    repository = await newRepository()
    one = await opThatWrites(repository, 'src/a.txt', 'one\ntwo\nthree\n')
    two = await opThatWrites(repository, 'src/a.txt', 'one\nTWO\nthree\n')
  })

  it('names the Ops behind a file, a line and a commit', async () => {
    const { path } = repository
    const whole = await why(path, 'src/a.txt')
    expect(whole.ops.map(({ invocation_id }) => invocation_id)).toEqual([one.id, two.id])
    expect(whole.commits.map(({ sha, lines }) => [sha, lines])).toEqual([
      [
        one.sha,
        [
          { first: 1, last: 1 },
          { first: 3, last: 3 },
        ],
      ],
      [two.sha, [{ first: 2, last: 2 }]],
    ])
    expect(await found(join(path, 'src'), 'a.txt:2')).toEqual([[two.id, 'linked', 'link']])
    expect(await found(path, 'src/a.txt', '--line', '3')).toEqual([[one.id, 'linked', 'link']])
    expect(await found(path, one.sha.slice(0, 10))).toEqual([[one.id, 'linked', 'link']])
    expect(await found(path, 'HEAD')).toEqual([[two.id, 'linked', 'own-commit']])
    expect(await found(path, 'README.md')).toEqual([])
  })

  it('says so in words', async () => {
    const { stdout } = await runIn(repository.path, ['ops', 'why', 'src/a.txt:2'])
    expect(stdout).toMatch(/^line 2 {2}[0-9a-f]{10} {2}\d{4}-\d\d-\d\d {2}Write src\/a.txt\n/)
    expect(stdout).toContain(`  ${two.id}  do by generic, by operator, done after`)
    expect(stdout).toMatch(/\(linked\)\n {4}Write src\/a.txt\n$/)
    const other = await runIn(repository.path, ['ops', 'why', 'README.md'])
    expect(other.stdout).toContain('No Op is linked to it.')
  })

  it('respects blame.ignoreRevsFile, as git blame does', async () => {
    const clone = repositoryAt(join(await tempFolder(), 'clone'))
    await repository.git('clone', '--quiet', '.', clone.path)
    await clone.write('.git-blame-ignore-revs', `${two.sha}\n`)
    await clone.git('config', 'blame.ignoreRevsFile', '.git-blame-ignore-revs')
    expect(await found(join(clone.path, 'src'), 'a.txt:2')).toEqual([[one.id, 'linked', 'link']])
  })

  it('finds Ops whose records are in HEAD, a ledger or another work tree alone', async () => {
    const { path, git, write } = repository
    const linked = repositoryAt(join(await tempFolder(), 'linked'))
    await git('worktree', 'add', '--quiet', '-b', 'aside', linked.path)
    const three = await opThatWrites(linked, 'aside.txt', 'aside\n')
    const onlyDisk = await opThatWrites(linked, 'aside2.txt', 'aside\n')
    expect(await found(path, three.sha)).toEqual([[three.id, 'linked', 'link']])
    await git('worktree', 'remove', '--force', linked.path)
    expect(await found(path, onlyDisk.sha)).toEqual([[onlyDisk.id, 'linked', 'link']])
    const records = join(path, 'kitty-ops')
    await rm(records, { recursive: true })
    expect(await found(path, one.sha)).toEqual([[one.id, 'linked', 'link']])
    await git('checkout', '--quiet', '--', 'kitty-ops')
    await write('kitty-ops/broken.jsonl', 'x')
    expect(await found(path, one.sha)).toEqual([[one.id, 'linked', 'link']])
    await rm(join(records, 'broken.jsonl'))
  })

  it('follows a rename, and tells lines that are not committed', async () => {
    const clone = repositoryAt(join(await tempFolder(), 'clone'))
    await repository.git('clone', '--quiet', '.', clone.path)
    await clone.git('config', 'user.name', 'A')
    await clone.git('config', 'user.email', 'a@example.org')
    await clone.git('mv', 'src/a.txt', 'b: "é".txt')
    await clone.commit('Rename')
    await clone.write('b: "é".txt', 'one\nTWO\nthree\nfour\n')
    expect(await found(clone.path, 'b: "é".txt:2')).toEqual([[two.id, 'linked', 'link']])
    expect(await why(clone.path, 'b: "é".txt:4')).toMatchObject({
      ops: [],
      commits: [],
      uncommitted: [{ first: 4, last: 4 }],
    })
    const { stdout } = await runIn(clone.path, ['ops', 'why', 'b: "é".txt'])
    expect(stdout).toContain('Not committed yet: line 4.')
  })

  it.skipIf(process.platform === 'win32')('takes names that look like something else', async () => {
    const { path, write, git } = repository
    const names = ['a:3', 'a', '-L1', ':(top)x', '*', 'line\nfeed', '"quoted"', 'work', 'é']
    for (const name of names) await write(`odd/${name}`, 'x\ny\n')
    await git('add', 'odd')
    const { id } = await opThatWrites(repository, 'odd/last', 'x\n', 'odd')
    for (const name of names) {
      const typed = name.startsWith('-') ? `./${name}` : name
      expect(await found(join(path, 'odd'), typed), name).toEqual([[id, 'linked', 'link']])
      expect(await found(join(path, 'odd'), `${typed}:2`), name).toEqual([[id, 'linked', 'link']])
    }
  })

  it('answers with a code where there is nothing to blame', async () => {
    const { path, write, git } = repository
    await write('new.txt', 'x\n')
    await write('binary.bin', 'a\0b\n')
    await write('empty.txt', '')
    await git('add', 'binary.bin', 'empty.txt')
    await git('commit', '--quiet', '-m', 'Odd files')
    expect(await codeOf(path, 'src/a.txt:4')).toBe('LINE_NOT_FOUND')
    expect(await codeOf(path, 'src/a.txt:0')).toBe('USAGE')
    expect(await codeOf(path, 'src/a.txt:99999999999999')).toBe('LINE_NOT_FOUND')
    expect(await codeOf(path, 'new.txt')).toBe('FILE_NOT_TRACKED')
    expect(await codeOf(path, 'new.txt:1')).toBe('FILE_NOT_TRACKED')
    expect(await codeOf(path, 'binary.bin:1')).toBe('BINARY_FILE')
    expect(await found(path, 'binary.bin')).toEqual([])
    expect(await codeOf(path, 'src')).toBe('NOT_A_FILE')
    expect(await codeOf(path, 'no/such/file')).toBe('NOT_FOUND')
    expect(await codeOf(path, '')).toBe('NOT_FOUND')
    expect(await codeOf(path, join(await tempFolder(), 'x'))).toBe('NOT_FOUND')
    expect(await codeOf(join(path, 'src'), import.meta.filename)).toBe('FILE_NOT_TRACKED')
    expect((await runIn(path, ['ops', 'why', 'empty.txt'])).stdout).toBe('The file is empty.\n')
    const unborn = await newRepository({ unborn: true })
    await unborn.write('a.txt', 'a\n')
    expect(await codeOf(unborn.path, 'a.txt')).toBe('NOTHING_COMMITTED')
    expect(await codeOf(unborn.path, 'HEAD')).toBe('NOT_FOUND')
    const bare = join(await tempFolder(), 'bare.git')
    await repository.git('clone', '--quiet', '--bare', '.', bare)
    expect(await codeOf(bare, 'HEAD')).toBe('NO_WORK_TREE')
    expect(await codeOf(await tempFolder(), 'HEAD')).toBe('NO_REPOSITORY')
  })

  it('shows a commit whose date is beyond the range of Date', async () => {
    const { path, write, git, head } = await newRepository()
    await write('a.txt', 'a\n')
    await git('add', 'a.txt')
    await git('commit', '--quiet', '-m', 'Far')
    const bytes = await git('cat-file', 'commit', 'HEAD')
    await write('.git/far', `${bytes.trimEnd()}\n`.replace(/> \d+ /, '> 9999999999999 '))
    const far = await git('hash-object', '-t', 'commit', '-w', '--literally', '.git/far')
    await git('reset', '--quiet', '--hard', far.trim())
    const sha = (await head()).trim()
    const { json } = await jsonIn(path, ['ops', 'why', 'a.txt'])
    expect(json).toMatchObject({ commits: [{ sha, at: '9999-12-31T23:59:59.000Z' }] })
    expect((await runIn(path, ['ops', 'why', 'a.txt'])).stdout).toContain('9999-12-31')
  })

  it('is only likely at the end of a shallow clone', async () => {
    const shallow = join(await tempFolder(), 'shallow')
    const source = await newRepository()
    await opThatWrites(source, 'a.txt', 'one\n')
    const last = await opThatWrites(source, 'a.txt', 'one\ntwo\n')
    await source.git('reset', '--quiet', '--hard', last.sha)
    await source.git('push', '--quiet', '.', 'refs/kitty/ops/*:refs/kept/*')
    const from = pathToFileURL(source.path).href
    await source.git('clone', '--quiet', '--depth=1', from, shallow)
    await repositoryAt(shallow).git(
      'fetch',
      '--quiet',
      '--depth=1',
      from,
      'refs/kept/*:refs/kitty/ops/*',
    )
    expect(await found(shallow, 'a.txt:1')).toEqual([[last.id, 'likely', 'link']])
    const { stdout } = await runIn(shallow, ['ops', 'why', 'a.txt:1'])
    expect(stdout).toContain('git fetch --unshallow')
  })
})
