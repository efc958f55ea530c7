import { execFile } from 'node:child_process'
import {
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { newRepository, type Repository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { ledger } from '../../src/ledger/ledger.js'
import { moveLedgerRef } from '../../src/ledger/move-ref.js'
import { openLedger, resolveLedgerOptions } from '../../src/ledger/open-ledger.js'
import { when, withShim } from '../support/git-shim.js'
import { onlyLedger, opsInLedger } from '../support/ledger.js'
import { asOrdinaryUser } from '../support/ordinary-user.js'
import { closeOne, openIn } from '../support/store.js'

const withLedgerOf = async (count: number) => {
  const repository = await newRepository()
  const ops = await openIn(repository.path, { strategy: ledger() })
  for (let op = 0; op < count; op += 1) await closeOne(ops)
  const place = await openLedger(repository.path, resolveLedgerOptions())
  if (!place.ok) throw new Error('no ledger')
  const ref = await onlyLedger(repository)
  const tip = await repository.git('rev-parse', ref)
  const path = join(repository.path, '.git', ref)
  return { repository, ops, place: place.value, ref, tip, path, lock: `${path}.lock` }
}

/** The names of files beside the records that only a moment has: drafts and locks. */
const leftovers = async ({ path }: Repository): Promise<readonly string[]> => {
  const names = await readdir(join(path, '.git'), { recursive: true })
  return names.filter((name) => /kitty.refs.|kitty.*\.lock$|\.tmp$/.test(name))
}

/** Runs with a git that fails if it is asked to move a ref. */
const withoutUpdateRef = <T>(run: () => Promise<T>): Promise<T> =>
  process.platform === 'win32' ? run() : withShim(when('update-ref', 'exit 1', 'always'), run)

describe('moving the ref of the ledger', () => {
  it('needs no git, and git sees the ref and its reflog as its own', async () => {
    const { repository, ops, ref, tip } = await withLedgerOf(1)
    await withoutUpdateRef(() => closeOne(ops))
    expect(await repository.git('rev-parse', `${ref}~1`)).toBe(tip)
    const log = await repository.git('reflog', 'show', '--format=%H %gs', ref)
    expect(log.split('\n')).toEqual([
      `${await repository.git('rev-parse', ref)} ledger: add 1 Op`,
      `${tip} ledger: add 1 Op`,
    ])
    await repository.git('reflog', 'expire', '--expire=now', '--all')
    await repository.git('fsck', '--strict')
    expect(await leftovers(repository)).toEqual([])
  })

  it('finds a ref that git packed, and git moves on from there', async () => {
    const { repository, ops, ref } = await withLedgerOf(2)
    await repository.git('pack-refs', '--all', '--prune')
    await expect(lstat(join(repository.path, '.git', ref))).rejects.toThrow()
    await withoutUpdateRef(() => closeOne(ops))
    expect(await repository.git('rev-list', '--count', ref)).toBe('3')
    const tip = await repository.git('rev-parse', ref)
    await repository.git('update-ref', ref, `${tip}~1`, tip)
    expect(await repository.git('rev-parse', ref)).not.toBe(tip)
  })

  it('changes nothing if the ref is no longer where it was read', async () => {
    const { repository, place, ref, tip } = await withLedgerOf(2)
    const before = await repository.git('rev-parse', `${ref}~1`)
    for (const from of [before, undefined]) {
      const moved = await moveLedgerRef(place, { from, to: before, message: 'back' })
      expect(moved).toEqual({ ok: false, result: { status: 'moved' } })
    }
    expect(await repository.git('rev-parse', ref)).toBe(tip)
    expect(await repository.git('reflog', 'show', '--format=%gs', ref)).not.toContain('back')
    expect(await leftovers(repository)).toEqual([])
  })

  it('respects a lock that another process holds, and leaves it', async () => {
    const { repository, place, ref, tip, lock } = await withLedgerOf(2)
    await writeFile(lock, '')
    const to = await repository.git('rev-parse', `${ref}~1`)
    const moved = await moveLedgerRef(place, { from: tip, to, message: 'back' })
    expect(moved).toMatchObject({ ok: false, result: { reason: 'ref-locked' } })
    expect(await repository.git('rev-parse', ref)).toBe(tip)
    expect((await lstat(lock)).size).toBe(0)
  })

  it('clears the lock that a crash of its own left, and its draft', async () => {
    const { repository, ops, ref, lock } = await withLedgerOf(1)
    const tokens = join(repository.path, '.git', 'kitty', 'refs')
    const token = join(tokens, `${encodeURIComponent(ref)}.nobody.${'a'.repeat(32)}`)
    await writeFile(token, 'a'.repeat(32))
    await link(token, lock)
    await writeFile(join(tokens, `draft.nobody.${'b'.repeat(32)}`), `${'1'.repeat(40)}\n`)
    await closeOne(ops)
    expect(await leftovers(repository)).toEqual([])
    expect(await opsInLedger(repository)).toHaveLength(2)
  })

  it.skipIf(process.platform === 'win32')(
    'leaves a ref that is a symbolic link or names another ref to git, which keeps it one',
    async () => {
      const { repository, place, ref, tip, path } = await withLedgerOf(2)
      const to = await repository.git('rev-parse', `${ref}~1`)
      await rename(path, `${path}-other`)
      await writeFile(path, `ref: ${ref}-other\n`)
      const moved = await moveLedgerRef(place, { from: tip, to, message: 'back' })
      expect(moved).toMatchObject({ ok: true })
      expect(await repository.git('symbolic-ref', ref)).toBe(`${ref}-other`)
      await rm(path)
      await symlink(`${ref}-other`, path)
      await moveLedgerRef(place, { from: to, to: tip, message: 'forth' })
      expect(await repository.git('rev-parse', `${ref}-other`)).toBe(tip)
    },
  )

  it.skipIf(process.platform === 'win32')(
    'leaves it to git if the state lies on another file system, which cannot link to it',
    async (test) => {
      const { repository, ops, ref } = await withLedgerOf(1)
      const elsewhere = await mkdtemp('/dev/shm/kitty-').catch(() => undefined)
      if (elsewhere === undefined) return test.skip('there is no /dev/shm')
      const state = join(repository.path, '.git', 'kitty')
      await promisify(execFile)('cp', ['-a', `${state}/.`, elsewhere])
      await rm(state, { recursive: true })
      await symlink(elsewhere, state)
      await closeOne(ops)
      expect(await repository.git('rev-list', '--count', ref)).toBe('2')
      await rm(elsewhere, { recursive: true })
    },
  )

  it.skipIf(process.platform === 'win32')(
    'fails as a whole if the reflog cannot be written, and leaves nothing',
    async () => {
      const { repository, ops, ref, tip } = await withLedgerOf(1)
      const log = join(repository.path, '.git', 'logs', ref)
      await rm(log)
      await mkdir(log)
      // Git removes an empty folder.
      await writeFile(join(log, 'in-the-way'), '')
      const { commit } = await asOrdinaryUser(repository.path, () => closeOne(ops))
      expect(commit.status).toBe('failed')
      expect(await repository.git('rev-parse', ref)).toBe(tip)
      expect(await leftovers(repository)).toEqual([])
    },
  )
})
