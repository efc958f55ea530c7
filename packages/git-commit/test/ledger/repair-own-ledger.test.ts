import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpId } from '@kitty/record'
import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { waitForLock } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { ledgerDamage } from '../../src/ledger/own-ledger.js'
import { ledgerLockOf } from '../../src/ledger/own-writer.js'
import { repairLedger } from '../../src/ledger/repair-own-ledger.js'
import { when, withShim } from '../support/git-shim.js'
import {
  emptyObject,
  leaveRefsToGit,
  ledgerPaths,
  ledgerRefs,
  loseObject,
  onlyLedger,
  openWithLedger,
  opsInLedger,
  pathInLedger,
} from '../support/ledger.js'
import { closeOne, DONE, REQUEST } from '../support/store.js'

const withOps = async (count = 2) => {
  const repository = await newRepository()
  const ops = await openWithLedger(repository.path)
  const ids: OpId[] = []
  for (let made = 0; made < count; made += 1) ids.push((await closeOne(ops)).id)
  const ref = await onlyLedger(repository)
  return { repository, ops, ids, ref, tip: await repository.git('rev-parse', ref) }
}

/** Removes the records from the disk and from HEAD, so that only the ledger has them. */
const keepOnlyInLedger = async ({ git, write, commit }: Repository): Promise<void> => {
  await git('checkout', '--quiet', '--orphan', 'empty')
  await git('rm', '-rfq', '.')
  await write('x', 'x')
  await commit('Nothing')
  await git('branch', '--quiet', '-D', 'work')
}

const expectWhole = async ({ path, git }: Repository, ref: string): Promise<void> => {
  const tip = await git('rev-parse', ref)
  expect(await ledgerDamage(path, [tip], { deep: true })).toBe(undefined)
}

describe('a repair of the ledger', () => {
  it('changes nothing in a whole ledger, without one, and outside git', async () => {
    const { repository, ref, tip } = await withOps()
    expect(await repairLedger(repository.path)).toEqual({ ok: true, value: undefined })
    expect(await repository.git('rev-parse', ref)).toBe(tip)
    await repository.git('update-ref', '-d', ref)
    expect(await repairLedger(repository.path)).toEqual({ ok: true, value: undefined })
    expect(await ledgerRefs(repository)).toEqual([])
    expect(await repairLedger(await tempFolder())).toMatchObject({
      ok: false,
      result: { status: 'skipped', reason: 'no-repository' },
    })
  })

  it.each([
    ['missing', loseObject],
    ['empty', emptyObject],
  ])('writes a record that is %s again, and the ledger stays where it is', async (_, harm) => {
    const { repository, ids, ref, tip } = await withOps()
    await harm(repository, `${ref}:${await pathInLedger(repository, ref, ids[0] ?? '')}`)
    expect(await repairLedger(repository.path)).toEqual({
      ok: true,
      value: { ref, from: tip, to: tip, restored: 0 },
    })
    expect(await opsInLedger(repository)).toEqual(ids.toSorted())
    await expectWhole(repository, ref)
    expect(await repairLedger(repository.path)).toEqual({ ok: true, value: undefined })
  })

  it('writes evidence again, too', async () => {
    const { repository, ops } = await withOps(1)
    await repository.write('proof.log', 'proof\n')
    const { id } = await ops.start({ ...REQUEST, mode_of_work: 'task_execution' })
    await ops.complete(id, { ...DONE, evidence: 'proof.log' })
    const ref = await onlyLedger(repository)
    const [path] = (await ledgerPaths(repository)).filter((each) => each.endsWith('/proof.log'))
    await loseObject(repository, `${ref}:${path}`)
    const tip = await repository.git('rev-parse', ref)
    expect(await repairLedger(repository.path)).toMatchObject({ value: { from: tip, to: tip } })
    expect(await repository.git('show', `${ref}:${path}`)).toBe('proof')
  })

  it('steps back from a lost commit, and adds again what came after it', async () => {
    const { repository, ops, ids, ref, tip } = await withOps(3)
    await loseObject(repository, tip)
    const done = await repairLedger(repository.path)
    expect(done).toMatchObject({ ok: true, value: { ref, from: tip, restored: 1 } })
    const now = await repository.git('rev-parse', ref)
    expect(done).toMatchObject({ value: { to: now } })
    expect(await opsInLedger(repository)).toEqual(ids.toSorted())
    expect(await repository.git('reflog', 'show', '--format=%H', ref)).toContain(now)
    await expectWhole(repository, ref)
    const next = await closeOne(ops)
    expect(next.commit.ledger).toMatchObject({ status: 'committed' })
    expect(await opsInLedger(repository)).toEqual([...ids, next.id].toSorted())
  })

  it('keeps what can still be read of commits that lost their history', async () => {
    const { repository, ids, ref } = await withOps(3)
    await loseObject(repository, `${ref}~2^{tree}`)
    await keepOnlyInLedger(repository)
    expect(await repairLedger(repository.path)).toMatchObject({
      ok: true,
      value: { restored: 3 },
    })
    expect(await opsInLedger(repository)).toEqual(ids.toSorted())
    await expectWhole(repository, ref)
  })

  it('steps back without adding anything if nothing else can be read', async () => {
    const { repository, ids, ref, tip } = await withOps()
    const before = await repository.git('rev-parse', `${ref}~1`)
    await loseObject(repository, `${ref}:${await pathInLedger(repository, ref, ids[1] ?? '')}`)
    await keepOnlyInLedger(repository)
    expect(await repairLedger(repository.path)).toEqual({
      ok: true,
      value: { ref, from: tip, to: before, restored: 0 },
    })
    expect(await opsInLedger(repository)).toEqual([ids[0]])
    const next = await closeOne(await openWithLedger(repository.path))
    expect(next.commit.ledger).toMatchObject({ status: 'committed' })
  })

  it('removes a ledger of which nothing is left, so that the next Op begins another', async () => {
    const { repository, ref, tip } = await withOps(1)
    await loseObject(repository, `${ref}^{tree}`)
    await keepOnlyInLedger(repository)
    expect(await repairLedger(repository.path)).toEqual({
      ok: true,
      value: { ref, from: tip, to: undefined, restored: 0 },
    })
    expect(await ledgerRefs(repository)).toEqual([])
    const next = await closeOne(await openWithLedger(repository.path))
    expect(next.commit.ledger).toMatchObject({ status: 'committed' })
    expect(await opsInLedger(repository)).toEqual([next.id])
  })

  it.each([
    ['to be added again', false],
    ['left', true],
  ])('that cannot move the ref leaves it, with something %s', async (_, isNothingLeft) => {
    const { repository, ref, tip, ids } = await withOps(3)
    const last = await pathInLedger(repository, ref, ids[2] ?? '')
    // One commit for two Ops is another one than before, however quickly it is made.
    await loseObject(repository, isNothingLeft ? `${ref}:${last}` : `${ref}~1`)
    if (isNothingLeft) await keepOnlyInLedger(repository)
    const lock = join(repository.path, '.git', `${ref}.lock`)
    await writeFile(lock, '')
    expect(await repairLedger(repository.path)).toMatchObject({
      ok: false,
      result: { status: 'deferred', reason: 'ref-locked' },
    })
    expect(await repository.read(`.git/${ref}`)).toBe(`${tip}\n`)
    await rm(lock)
    expect(await repairLedger(repository.path)).toMatchObject({ ok: true, value: { from: tip } })
    await expectWhole(repository, ref)
  })

  it.skipIf(process.platform === 'win32')(
    'leaves a ledger that another git moves meanwhile where that git moved it',
    async () => {
      const { repository, ref, tip } = await withOps(3)
      const other = await repository.git('rev-parse', `${ref}~2`)
      await loseObject(repository, tip)
      await leaveRefsToGit(repository)
      const moving = `echo ${other} > .git/${ref}; real "$@"; exit $?`
      const done = await withShim(when('update-ref', moving), () => repairLedger(repository.path))
      expect(done).toMatchObject({
        ok: false,
        result: {
          status: 'deferred',
          reason: 'ref-locked',
          message: expect.stringContaining('moved'),
        },
      })
      expect(await repository.git('rev-parse', ref)).toBe(other)
    },
  )

  it('waits for another process that changes the ledger, but not forever', async () => {
    const { repository, tip } = await withOps()
    await loseObject(repository, tip)
    const lock = await waitForLock(ledgerLockOf(join(repository.path, '.git')), { timeoutMs: 1000 })
    expect(await repairLedger(repository.path, { lockTimeoutMs: 50 })).toMatchObject({
      ok: false,
      result: { status: 'deferred', reason: 'lock-timeout' },
    })
    if (lock.kind === 'held') lock.release()
    expect(await repairLedger(repository.path)).toMatchObject({ value: { from: tip } })
  })
})
