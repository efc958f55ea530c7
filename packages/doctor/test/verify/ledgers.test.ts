import { directGit, withLedger } from '@kitty/git-commit'
import type { OpId } from '@kitty/record'
import { newRepository, type Repository } from '@kitty/test-kit'
import { openOps } from '@kitty/writer'
import { recordPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { verify } from '../../src/index.js'

const REQUEST = { profile_id: 'p', action: 'a', request_text: 'Why?', actor: 'x' } as const

const storeIn = ({ path }: Repository) =>
  openOps({ root: path, strategy: withLedger(directGit()), durability: 'process' })

/** A repository with closed Ops in its branch and in its ledger. */
const withOps = async (count = 2) => {
  const repository = await newRepository()
  const ops = await storeIn(repository)
  const ids: OpId[] = []
  for (let made = 0; made < count; made += 1) {
    const { id } = await ops.start(REQUEST)
    await ops.complete(id, { outcome: 'done' })
    ids.push(id)
  }
  const ref = await repository.git('for-each-ref', '--format=%(refname)', 'refs/kitty/ops/')
  const [first] = ids
  if (first === undefined) throw new Error('No Op was made.')
  return { repository, ops, ids, ref, first }
}

type Files = Readonly<Record<string, string | undefined>>

/** Adds a commit to a ledger: writes files, or removes them. */
const tamper = async (
  { git, gitWith }: Repository,
  ref: string,
  files: Files,
  parents: readonly string[] = [ref],
): Promise<string> => {
  const env = { GIT_INDEX_FILE: `${await git('rev-parse', '--absolute-git-dir')}/tampering` }
  const aside = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await gitWith({ env }, ...args)
    if (exitCode !== 0) throw new Error(stderr)
    return stdout.trim()
  }
  await aside('read-tree', ref)
  for (const [path, text] of Object.entries(files)) {
    if (text === undefined) await aside('rm', '--cached', '--quiet', '-r', '--', path)
    else {
      const { stdout } = await gitWith({ input: text }, 'hash-object', '-w', '--stdin')
      await aside('update-index', '--add', '--cacheinfo', `100644,${stdout.trim()},${path}`)
    }
  }
  const tree = await aside('write-tree')
  const of = parents.flatMap((parent) => ['-p', parent])
  const commit = await git('commit-tree', tree, ...of, '-m', 'Tampered')
  await git('update-ref', ref, commit)
  return commit
}

const pathIn = async ({ git }: Repository, ref: string, id: OpId): Promise<string> =>
  (await git('ls-tree', '-r', '--name-only', ref))
    .split('\n')
    .find((path) => path.endsWith(`${id}.jsonl`)) ?? ''

const idsOf = async ({ path }: Repository) => {
  const { ok, violations, notes } = await verify({ root: path })
  return { ok, violations: violations.map(({ id }) => id), notes: notes.map(({ id }) => id) }
}

const FINE = { ok: true, violations: [], notes: [] }

describe('the gate and the ledgers', () => {
  it('passes if they agree, and says if there is none', async () => {
    const { repository, ref } = await withOps()
    expect(await idsOf(repository)).toEqual(FINE)
    const another = await newRepository()
    const plain = await openOps({ root: another.path, strategy: directGit() })
    await plain.complete((await plain.start(REQUEST)).id, { outcome: 'done' })
    expect(await idsOf(another)).toEqual({ ...FINE, notes: ['no-ledger'] })
    await repository.git('clone', '--quiet', '--bare', '.', `${repository.path}.git`)
    const bare = await verify({ root: `${repository.path}.git` })
    expect(bare.notes).toMatchObject([{ id: 'no-ledger' }])
    await repository.git('update-ref', ref, `${ref}~1`)
    const { violations } = await verify({ root: repository.path })
    expect(violations).toMatchObject([{ id: 'ledger-changed' }])
    await repository.git('update-ref', '-d', ref)
    expect((await idsOf(repository)).violations).toEqual(['ledger-changed'])
  })

  it('never demands that a branch’s record is in a ledger, or the other way round', async () => {
    const { repository } = await withOps()
    const plain = await openOps({ root: repository.path, strategy: directGit() })
    await plain.complete((await plain.start(REQUEST)).id, { outcome: 'done' })
    expect(await idsOf(repository)).toEqual(FINE)
    await repository.git('reset', '--quiet', '--hard', 'HEAD~3')
    expect(await idsOf(repository)).toEqual(FINE)
  })

  it.each([
    ['changed', 'x'],
    ['removed', undefined],
  ])('fails if a commit of a ledger %s a record', async (_, text) => {
    const { repository, ref, first } = await withOps()
    const path = await pathIn(repository, ref, first)
    const commit = await tamper(repository, ref, { [path]: text })
    const { violations } = await verify({ root: repository.path })
    expect(violations).toMatchObject([
      { id: 'ledger-changed', invocation_id: first, message: expect.stringContaining(path) },
    ])
    expect(violations[0]?.message).toContain(commit.slice(0, 10))
    // Also if a later commit restores it.
    const record = await repository.read(recordPath(first))
    await tamper(repository, ref, { [path]: record })
    expect((await idsOf(repository)).violations).toEqual(['ledger-changed'])
  })

  it('fails if a ledger contains a merge', async () => {
    const { repository, ref } = await withOps()
    await tamper(repository, ref, {}, [ref, 'HEAD'])
    expect((await idsOf(repository)).violations).toContain('ledger-changed')
  })

  it('fails if a ledger and the branch hold different records of an Op', async () => {
    const { repository, ref, first } = await withOps()
    const other = (await repository.read(recordPath(first))).replace('"done"', '"failed"')
    const path = await pathIn(repository, ref, first)
    const fetched = 'refs/kitty/remotes/origin/01KWVD6Y5CC8ARAKD3JZAJEXBX'
    const empty = await repository.git('commit-tree', await repository.git('mktree'), '-m', 'x')
    await repository.git('update-ref', fetched, empty)
    await tamper(repository, fetched, { [path]: other })
    const { ok, violations } = await verify({ root: repository.path })
    expect(ok).toBe(false)
    expect(violations).toMatchObject([{ id: 'ledger-conflict', invocation_id: first }])
    expect(violations[0]?.message).toContain(fetched)
  })

  it('accepts the absence of what was erased on purpose, in the ledger and in the branch', async () => {
    const { repository, ref, first } = await withOps()
    await repository.git('rm', '--quiet', recordPath(first))
    await repository.git('commit', '--quiet', '-m', 'Erase')
    expect((await idsOf(repository)).violations).toEqual(['deleted-record'])
    const path = await pathIn(repository, ref, first)
    await tamper(repository, ref, { [path]: undefined, [`erased/${first}`]: '' })
    expect((await idsOf(repository)).violations).toEqual([])
  })

  it('ignores what is not a record at its own path, and says so', async () => {
    const { repository, ref, first } = await withOps()
    const path = await pathIn(repository, ref, first)
    const record = await repository.read(recordPath(first))
    await tamper(repository, ref, {
      'x.txt': 'x',
      '2026-01/01/01KWVD6Y5CC8ARAKD3JZAJEXBX.jsonl': record,
      [`${path}.more`]: 'x',
    })
    expect(await idsOf(repository)).toEqual({ ...FINE, notes: ['ledger-foreign'] })
  })

  it('names a ledger that cannot be read, and checks the rest', async () => {
    const { repository, ids } = await withOps()
    const broken = 'refs/kitty/ops/01KWVD6Y5CC8ARAKD3JZAJEXBX'
    await repository.write(`.git/${broken}`, `${'1'.repeat(40)}\n`)
    const { ok, violations, checked } = await verify({ root: repository.path })
    expect([ok, checked.records]).toEqual([false, ids.length])
    expect(violations).toMatchObject([{ id: 'ledger-unreadable' }])
    expect(violations[0]?.message).toContain(broken)
  })
})
