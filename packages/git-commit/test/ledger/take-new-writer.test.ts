import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { waitForLock } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { readOwnLedger } from '../../src/ledger/own-ledger.js'
import { ledgerLockOf } from '../../src/ledger/own-writer.js'
import { takeNewWriter } from '../../src/ledger/take-new-writer.js'
import { ledgerRefs, onlyLedger, openWithLedger, opsInLedger, writerOf } from '../support/ledger.js'
import { closeOne } from '../support/store.js'

const withTwoOps = async () => {
  const repository = await newRepository()
  const ops = await openWithLedger(repository.path)
  const ids = [(await closeOne(ops)).id, (await closeOne(ops)).id] as const
  const ref = await onlyLedger(repository)
  return { repository, ops, ids, ref, tip: await repository.git('rev-parse', ref) }
}

/** A ledger that somebody moved back to its first Op. */
const movedBack = async () => {
  const made = await withTwoOps()
  const { repository, ref } = made
  await repository.git('update-ref', ref, `${ref}~1`)
  return { ...made, older: await repository.git('rev-parse', ref) }
}

describe('a new writer', () => {
  it('continues where a ledger that was moved back is now, under a ref of its own', async () => {
    const { repository, ops, ids, ref, older } = await movedBack()
    const taken = await takeNewWriter(repository.path)
    const now = await onlyLedger(repository)
    expect(now).not.toBe(ref)
    expect(taken).toEqual({ ok: true, value: { from: ref, to: now, tip: older } })
    expect(await repository.git('rev-parse', now)).toBe(older)
    expect(await repository.git('reflog', 'show', '--format=%H', now)).toBe(older)
    expect(await readOwnLedger(repository.path)).toEqual({
      writer: now.split('/').at(-1),
      ref: now,
      tip: older,
    })
    const next = await closeOne(ops)
    expect(next.commit.ledger).toMatchObject({ status: 'committed' })
    expect(await opsInLedger(repository)).toEqual([ids[0], next.id].toSorted())
  })

  it('begins an empty ledger if the ref was removed', async () => {
    const { repository, ops, ref } = await withTwoOps()
    await repository.git('update-ref', '-d', ref)
    const taken = await takeNewWriter(repository.path)
    expect(taken).toMatchObject({ ok: true, value: { from: ref, tip: undefined } })
    expect(await ledgerRefs(repository)).toEqual([])
    const next = await closeOne(ops)
    expect(await opsInLedger(repository)).toEqual([next.id])
    expect(await onlyLedger(repository)).toBe(`refs/kitty/ops/${await writerOf(repository)}`)
    expect(await readOwnLedger(repository.path)).not.toHaveProperty('rewoundFrom')
  })

  it('is not taken if the ledger contains its tip, as when somebody moved it forward again', async () => {
    const { repository, ref, tip } = await movedBack()
    await repository.git('update-ref', ref, tip)
    expect(await takeNewWriter(repository.path)).toEqual({ ok: true, value: undefined })
    expect(await onlyLedger(repository)).toBe(ref)
    expect(await writerOf(repository)).toBe(ref.split('/').at(-1))
  })

  it('is taken once if two processes take one at once', async () => {
    const { repository, ids, older } = await movedBack()
    const taken = await Promise.all([
      takeNewWriter(repository.path),
      takeNewWriter(repository.path),
    ])
    const [value, ...others] = taken.flatMap((each) => (each.ok && each.value) || [])
    expect(others).toEqual([])
    expect(value).toMatchObject({ to: await onlyLedger(repository), tip: older })
    expect(await opsInLedger(repository)).toEqual([ids[0]])
  })

  it('is not taken if git cannot move the ref: the old one stays, and another call takes it', async () => {
    const { repository, ref, older } = await movedBack()
    const lock = join(repository.path, '.git', `${ref}.lock`)
    await writeFile(lock, '')
    expect(await takeNewWriter(repository.path)).toMatchObject({
      ok: false,
      result: { status: 'deferred', reason: 'ref-locked' },
    })
    expect(await onlyLedger(repository)).toBe(ref)
    expect(await writerOf(repository)).toBe(ref.split('/').at(-1))
    await rm(lock)
    expect(await takeNewWriter(repository.path)).toMatchObject({
      ok: true,
      value: { from: ref, tip: older },
    })
  })

  it('is not taken while another process changes the ledger', async () => {
    const { repository, ref } = await movedBack()
    const paths = ledgerLockOf(join(repository.path, '.git'))
    await mkdir(paths.tokens, { recursive: true })
    const lock = await waitForLock(paths, { timeoutMs: 1000 })
    expect(lock.kind).toBe('held')
    expect(await takeNewWriter(repository.path, { lockTimeoutMs: 50 })).toMatchObject({
      ok: false,
      result: { status: 'deferred', reason: 'lock-timeout' },
    })
    expect(await onlyLedger(repository)).toBe(ref)
    if (lock.kind === 'held') lock.release()
    expect(await takeNewWriter(repository.path)).toMatchObject({ value: { from: ref } })
  })

  it('is not taken outside git', async () => {
    expect(await takeNewWriter(await tempFolder())).toMatchObject({
      ok: false,
      result: { status: 'skipped', reason: 'no-repository' },
    })
  })
})
