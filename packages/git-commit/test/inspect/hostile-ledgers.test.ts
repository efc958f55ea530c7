import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newOpId } from '@kitty/record'
import { closedRecordText, newRepository, openRecordText, type Repository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { readLedgers } from '../../src/inspect/ledger-copies.js'
import { listLedgers } from '../../src/inspect/ledgers.js'
import { ledgerEvidenceOf, ledgerPathOf, ledgerRefOf } from '../../src/ledger/layout.js'
import { blobOf, withInput, writeLedger } from '../support/hostile-ledger.js'

const remoteRef = (): string => `refs/kitty/remotes/origin/${newOpId()}`

const readAll = async ({ path }: Repository) => readLedgers(path, await listLedgers(path))

const recordFile = (id = newOpId()) => ({
  path: ledgerPathOf(id),
  text: closedRecordText({ id }),
})

/** A ledger with one good record. */
const goodLedger = async (repository: Repository) => {
  const id = newOpId()
  const tip = await writeLedger(repository, ledgerRefOf(newOpId()), [recordFile(id)])
  return { id, tip }
}

describe('a hostile ledger', () => {
  it('counts entries that are no records at their own path, and reads the others', async () => {
    const repository = await newRepository()
    const [good, link, module, other, open, elsewhere, noJson] = [
      newOpId(),
      newOpId(),
      newOpId(),
      newOpId(),
      newOpId(),
      newOpId(),
      newOpId(),
    ]
    const target = await blobOf(repository, closedRecordText({ id: link }))
    const files = [
      recordFile(good),
      { path: ledgerPathOf(link), mode: '120000', id: target },
      { path: ledgerPathOf(module), mode: '160000', id: await repository.head() },
      { path: ledgerPathOf(other), text: closedRecordText() },
      { path: ledgerPathOf(open), text: openRecordText({ id: open }) },
      { path: ledgerPathOf(noJson), text: '\0\0\0' },
      { path: `2001-01/01/${elsewhere}.jsonl`, text: closedRecordText({ id: elsewhere }) },
      { path: `kitty-ops/${elsewhere}.jsonl`, text: closedRecordText({ id: elsewhere }) },
      { path: 'a "name"\nwith\ttabs', text: 'x' },
      { path: `${ledgerEvidenceOf(good ?? newOpId())}/log.txt`, text: 'evidence' },
    ]
    await writeLedger(repository, remoteRef(), files)
    const { copies, foreign, broken } = await readAll(repository)
    expect([...copies.keys()]).toEqual([good])
    expect(foreign).toBe(8)
    expect(broken).toEqual([])
  })

  it('does not read what is larger than a record', async () => {
    const repository = await newRepository()
    const id = newOpId()
    const text = closedRecordText({ id })
    const large = text + '\n'.repeat(8 * 2 ** 20 + 1 - text.length)
    await writeLedger(repository, remoteRef(), [{ path: ledgerPathOf(id), text: large }])
    expect(await readAll(repository)).toMatchObject({ copies: new Map(), foreign: 1, broken: [] })
  })

  it('cannot forge the objects of another one with a tag as its tip', async () => {
    const repository = await newRepository()
    const { id, tip } = await goodLedger(repository)
    const forgedTree = await repository.git('rev-parse', 'HEAD^{tree}')
    const forged = `tree ${forgedTree}\nauthor A <a@b> 0 +0000\n\nx\n`
    const tag = await withInput(
      repository,
      `object ${tip}\ntype commit\ntag x\ntagger A <a@b> 0 +0000\n\n${tip} commit ${forged.length}\n${forged}\n`,
      'mktag',
    )
    await repository.git('update-ref', remoteRef(), tag)
    const { copies, broken } = await readAll(repository)
    expect([...copies.keys()]).toEqual([id])
    expect(broken).toHaveLength(1)
  })

  it('does not read a tip that is no commit', async () => {
    const repository = await newRepository()
    const { id } = await goodLedger(repository)
    await repository.git('update-ref', remoteRef(), await blobOf(repository, 'tree 0\n'))
    const { copies, broken } = await readAll(repository)
    expect([...copies.keys()]).toEqual([id])
    expect(broken).toHaveLength(1)
  })

  it('with trees that contain each other many times is read all the same', async () => {
    const repository = await newRepository()
    const { id } = await goodLedger(repository)
    let tree = await withInput(repository, '', 'mktree')
    for (let depth = 0; depth < 12; depth += 1) {
      const names = Array.from({ length: 20 }, (_, n) => `040000 tree ${tree}\t${n}\n`)
      tree = await withInput(repository, names.join(''), 'mktree')
    }
    const commit = await repository.git('commit-tree', tree, '-m', 'bomb')
    await repository.git('update-ref', remoteRef(), commit)
    const { copies, foreign } = await readAll(repository)
    expect([...copies.keys()]).toEqual([id])
    expect(foreign).toBe(20)
  })

  it('erases nothing with a note that is no regular file', async () => {
    const repository = await newRepository()
    const { id } = await goodLedger(repository)
    const head = await repository.head()
    await writeLedger(repository, remoteRef(), [{ path: `erased/${id}`, mode: '160000', id: head }])
    expect(await readAll(repository)).toMatchObject({ erased: new Set(), foreign: 1 })
  })
})

describe('a broken ref', () => {
  it('that is empty, as a power loss leaves it, is named, and the others are read', async () => {
    const repository = await newRepository()
    const { id } = await goodLedger(repository)
    const ref = ledgerRefOf(newOpId())
    await writeFile(join(repository.path, '.git', ...ref.split('/')), '')
    const { copies, broken } = await readAll(repository)
    expect([...copies.keys()]).toEqual([id])
    expect(broken.map(({ ledger }) => ledger.ref)).toEqual([ref])
  })

  it('to a commit that is missing is named, and the others are read', async () => {
    const repository = await newRepository()
    const { id } = await goodLedger(repository)
    const ref = ledgerRefOf(newOpId())
    await writeFile(join(repository.path, '.git', ...ref.split('/')), `${'1'.repeat(40)}\n`)
    const { copies, broken } = await readAll(repository)
    expect([...copies.keys()]).toEqual([id])
    expect(broken.map(({ ledger }) => ledger.ref)).toEqual([ref])
  })
})

describe('copies of one Op with different content', () => {
  const outcomesInOrder = async (
    closes: readonly (readonly [completed_at: string, closed_by: 'agent' | 'doctor_sweep'])[],
  ): Promise<readonly (string | undefined)[]> => {
    const repository = await newRepository()
    const id = newOpId(Date.parse('2026-11-28T08:00:00Z'))
    for (const [completed_at, closed_by] of closes) {
      const text = closedRecordText({ id, completed: { completed_at, closed_by } })
      await writeLedger(repository, remoteRef(), [{ path: ledgerPathOf(id), text }])
    }
    const { copies } = await readAll(repository)
    return copies.get(id)?.map(({ record }) => record.completed?.completed_at) ?? []
  }

  it('count by who closed it, then by the time, whatever its notation', async () => {
    const [late, early, swept] = [
      '2026-11-28T10:00:00.000Z',
      '2026-11-28T11:00:00.000+02:00',
      '2026-11-28T08:30:00.000Z',
    ]
    expect(
      await outcomesInOrder([
        [late, 'agent'],
        [swept, 'doctor_sweep'],
        [early, 'agent'],
      ]),
    ).toEqual([early, late, swept])
  })
})
