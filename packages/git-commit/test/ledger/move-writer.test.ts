import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { newOpId } from '@kitty/record'
import { newRepository, type Repository } from '@kitty/test-kit'
import { waitForLock } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { ledgerRefOf } from '../../src/ledger/layout.js'
import { moveToNewWriter } from '../../src/ledger/move-writer.js'
import { openLedger, resolveLedgerOptions } from '../../src/ledger/open-ledger.js'
import { readOwnLedger } from '../../src/ledger/own-ledger.js'
import { ledgerLockOf } from '../../src/ledger/own-writer.js'
import { onlyLedger, openWithLedger, opsInLedger, writerOf } from '../support/ledger.js'
import { closeOne } from '../support/store.js'

const NOTE = '.git/kitty/new-writer'

/** A ledger with one Op, whose move to another writer was noted. */
const noted = async () => {
  const repository = await newRepository()
  const ops = await openWithLedger(repository.path)
  const { id } = await closeOne(ops)
  const ref = await onlyLedger(repository)
  const [from, to] = [await writerOf(repository), newOpId()]
  const tip = await repository.git('rev-parse', ref)
  await repository.write(NOTE, `${from} ${to} ${tip}\n`)
  return { repository, ops, id, ref, from, to, tip }
}

type Noted = Awaited<ReturnType<typeof noted>>

/** The next Op is in the only ledger, with the first one, and no note is left. */
const expectNext = async ({ repository, ops, id }: Noted, writer: string): Promise<void> => {
  const next = await closeOne(ops)
  expect(next.commit.ledger).toMatchObject({ status: 'committed' })
  expect(await onlyLedger(repository)).toBe(ledgerRefOf(writer))
  expect(await writerOf(repository)).toBe(writer)
  expect(await opsInLedger(repository)).toEqual([id, next.id])
  expect(existsSync(join(repository.path, NOTE))).toBe(false)
  expect(await readOwnLedger(repository.path)).not.toHaveProperty('rewoundFrom')
}

const open = async ({ path }: Repository) => {
  const opened = await openLedger(path, resolveLedgerOptions())
  if (!opened.ok) throw new Error(JSON.stringify(opened.result))
  return opened.value
}

describe('a move to a new writer that a crash ended', () => {
  it('before the refs moved is forgotten', async () => {
    const made = await noted()
    await expectNext(made, made.from)
  })

  it('between the two refs is taken back', async () => {
    const made = await noted()
    await made.repository.git('update-ref', ledgerRefOf(made.to), made.tip)
    await expectNext(made, made.from)
  })

  it('after the refs moved is finished, and the doctor sees no ledger that was moved back', async () => {
    const made = await noted()
    const { repository, ref, to, tip } = made
    await repository.git('update-ref', ledgerRefOf(to), tip)
    await repository.git('update-ref', '-d', ref)
    expect(await readOwnLedger(repository.path)).toEqual({ writer: to, ref: ledgerRefOf(to), tip })
    await expectNext(made, to)
  })

  it('after the writer was written is finished', async () => {
    const made = await noted()
    const { repository, ref, to, tip } = made
    await repository.git('update-ref', ledgerRefOf(to), tip)
    await repository.git('update-ref', '-d', ref)
    await repository.write('.git/kitty/writer', `${to}\n`)
    await expectNext(made, to)
  })

  it('and whose new ref somebody removed does not hide that the ledger is gone', async () => {
    const { repository, ops, ref } = await noted()
    await repository.git('update-ref', '-d', ref)
    expect((await closeOne(ops)).commit.ledger).toMatchObject({ reason: 'ledger-rewound' })
    expect(existsSync(join(repository.path, NOTE))).toBe(false)
  })

  it('leaves nothing behind if git cannot move the refs', async () => {
    const made = await noted()
    const { repository, ref, from, tip } = made
    await repository.write(`.git/${ref}.lock`, '')
    const place = await open(repository)
    expect(await moveToNewWriter(place, tip)).toMatchObject({ ok: false })
    expect(existsSync(join(repository.path, NOTE))).toBe(false)
    expect(await onlyLedger(repository)).toBe(ref)
    expect(await writerOf(repository)).toBe(from)
  })
})

describe('an Op that is closed while the ledger gets a new writer', () => {
  it('is added to the new ledger, not under the name that was given up', async () => {
    const repository = await newRepository()
    const ops = await openWithLedger(repository.path)
    const first = await closeOne(ops)
    const place = await open(repository)
    const lock = await waitForLock(ledgerLockOf(place.workTree.commonDir), { timeoutMs: 1000 })
    const closing = closeOne(ops)
    // The close reads its writer before it waits for the lock.
    while (!(await ops.pending()).some(({ id }) => id !== first.id)) await new Promise(setImmediate)
    await new Promise((resolve) => setTimeout(resolve, 200))
    const moved = await moveToNewWriter(place, await repository.git('rev-parse', place.ref))
    if (lock.kind === 'held') lock.release()
    const next = await closing
    expect(moved).toMatchObject({ ok: true, value: { to: await onlyLedger(repository) } })
    expect(await opsInLedger(repository)).toEqual([first.id, next.id])
  })
})
