import { readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { ledger } from '../../src/ledger/ledger.js'
import { ledgerDamage, readOwnLedger } from '../../src/ledger/own-ledger.js'
import { repairLedger } from '../../src/ledger/repair-own-ledger.js'
import { takeNewWriter } from '../../src/ledger/take-new-writer.js'
import { loseObject, onlyLedger, openWithLedger, opsInLedger, writerOf } from '../support/ledger.js'
import { closeOne } from '../support/store.js'

/** A ledger with two Ops, whose ref has a file with this text. */
const brokenRef = async (text = '') => {
  const repository = await newRepository()
  const ops = await openWithLedger(repository.path)
  const ids = [(await closeOne(ops)).id, (await closeOne(ops)).id]
  const ref = await onlyLedger(repository)
  const tip = await repository.git('rev-parse', ref)
  const file = join(repository.path, '.git', ...ref.split('/'))
  await writeFile(file, text)
  expect((await repository.tryGit('update-ref', ref, tip)).exitCode).not.toBe(0)
  return { repository, ops, ids, ref, tip, file }
}

describe('a ref whose file is broken, as by a power loss', () => {
  it.each([
    ['empty', ''],
    ['full of NULs', '\0'.repeat(41)],
    ['garbled', 'garbage\n'],
  ])('is where it was after the next Op, and nothing is lost: %s', async (_, text) => {
    const { repository, ops, ids, ref, tip } = await brokenRef(text)
    const next = await closeOne(ops)
    expect(next.commit.ledger).toMatchObject({ status: 'committed' })
    expect(await repository.git('rev-parse', `${ref}~1`)).toBe(tip)
    expect(await opsInLedger(repository)).toEqual([...ids, next.id].toSorted())
    expect(await repository.git('fsck', '--no-dangling')).toBe('')
  })

  it('blocks no Op, and looking does not restore it', async () => {
    const { repository, file } = await brokenRef()
    expect(await ledger().blockedBy?.(repository.path)).toBe(undefined)
    expect(await readFile(file, 'utf8')).toBe('')
  })

  it('is damage that a repair ends, and not a ledger that somebody moved back', async () => {
    const { repository, ref, tip, ids } = await brokenRef()
    const own = await readOwnLedger(repository.path)
    expect(own).toEqual({ writer: await writerOf(repository), ref, tip: '' })
    expect(await ledgerDamage(repository.path, [own?.tip ?? '', tip])).toContain('ref')
    expect(await takeNewWriter(repository.path)).toEqual({ ok: true, value: undefined })
    expect(await repairLedger(repository.path)).toEqual({
      ok: true,
      value: { ref, from: tip, to: tip, restored: 0 },
    })
    expect(await readOwnLedger(repository.path)).toMatchObject({ tip })
    expect(await opsInLedger(repository)).toEqual(ids.toSorted())
    expect(await repairLedger(repository.path)).toEqual({ ok: true, value: undefined })
  })

  it('does not hide the damage of what it led to', async () => {
    const { repository, ids, ref, tip } = await brokenRef()
    await loseObject(repository, `${tip}^{tree}`)
    expect(await repairLedger(repository.path)).toMatchObject({
      ok: true,
      value: { ref, from: tip, restored: 1 },
    })
    expect(await opsInLedger(repository)).toEqual(ids.toSorted())
  })

  it('is restored from the reflog if its note is older, or lost', async () => {
    const { repository, tip, file } = await brokenRef()
    const note = (text: string) => repository.write('.git/kitty/ledger-tip', text)
    const older = await repository.git('rev-parse', `${tip}~1`)
    await note(`${await writerOf(repository)} ${older}\n`)
    await repairLedger(repository.path)
    expect(await repository.git('rev-parse', await onlyLedger(repository))).toBe(tip)
    await truncate(file)
    await note('')
    await repairLedger(repository.path)
    expect(await repository.git('rev-parse', await onlyLedger(repository))).toBe(tip)
  })

  it('is restored from its note if the reflog is older, or lost', async () => {
    const { repository, ref, tip, file } = await brokenRef()
    const log = `.git/logs/${ref}`
    const [first] = (await repository.read(log)).split('\n')
    await repository.write(log, `${first}\n\0\0\0`)
    await repairLedger(repository.path)
    expect(await repository.git('rev-parse', ref)).toBe(tip)
    await truncate(file)
    await rm(join(repository.path, log))
    await repairLedger(repository.path)
    expect(await repository.git('rev-parse', ref)).toBe(tip)
  })

  it('is removed if nothing says where it was, so that the next Op is kept', async () => {
    const { repository, ops, ref } = await brokenRef()
    await rm(join(repository.path, '.git', 'logs', ref))
    await repository.write('.git/kitty/ledger-tip', '')
    const next = await closeOne(ops)
    expect(next.commit.ledger).toMatchObject({ status: 'committed' })
    expect(await opsInLedger(repository)).toEqual([next.id])
  })
})
