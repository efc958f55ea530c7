import { truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { hasCommit, ledgerDamage, readOwnLedger } from '../../src/ledger/own-ledger.js'
import {
  emptyObject,
  loseObject,
  onlyLedger,
  openWithLedger,
  pathInLedger,
  writerOf,
} from '../support/ledger.js'
import { closeOne, openIn } from '../support/store.js'

const withTwoOps = async () => {
  const repository = await newRepository()
  const ops = await openWithLedger(repository.path)
  const ids = [(await closeOne(ops)).id, (await closeOne(ops)).id] as const
  const ref = await onlyLedger(repository)
  return { repository, ops, ids, ref, tip: await repository.git('rev-parse', ref) }
}

describe('the ledger of this clone', () => {
  it('is none outside git, and none before the first Op', async () => {
    expect(await readOwnLedger(await tempFolder())).toBeUndefined()
    const repository = await newRepository()
    await closeOne(await openIn(repository.path))
    expect(await readOwnLedger(repository.path)).toBeUndefined()
  })

  it('is named with its tip', async () => {
    const { repository, ref, tip } = await withTwoOps()
    const writer = await writerOf(repository)
    expect(await readOwnLedger(repository.path)).toEqual({ writer, ref, tip })
  })

  it.each(['--all', 'abc', ''])('was nowhere if its note is damaged: %j', async (noted) => {
    const { repository, ref, tip } = await withTwoOps()
    const writer = await writerOf(repository)
    await repository.write('.git/kitty/ledger-tip', `${writer} ${noted}\n`)
    expect(await readOwnLedger(repository.path)).toEqual({ writer, ref, tip })
  })

  it.each([
    ['moved back', (ref: string) => ['update-ref', ref, `${ref}~1`]],
    ['moved to a commit of another history', (ref: string) => ['update-ref', ref, 'HEAD']],
    ['removed', (ref: string) => ['update-ref', '-d', ref]],
  ])('that somebody %s names the tip that it lost, until it is there again', async (_, move) => {
    const { repository, ref, tip } = await withTwoOps()
    await repository.git(...move(ref))
    expect(await readOwnLedger(repository.path)).toMatchObject({ rewoundFrom: tip })
    await repository.git('update-ref', ref, tip)
    expect(await readOwnLedger(repository.path)).not.toHaveProperty('rewoundFrom')
  })

  it('that was moved back, and lost the tip to a clean-up, is still rewound', async () => {
    const { repository, ref, tip } = await withTwoOps()
    await repository.git('update-ref', ref, `${ref}~1`)
    expect(await hasCommit(repository.path, tip)).toBe(true)
    await loseObject(repository, tip)
    expect(await readOwnLedger(repository.path)).toMatchObject({ rewoundFrom: tip })
    expect(await hasCommit(repository.path, tip)).toBe(false)
  })

  it('that is ahead of its note, as after a crash, is not rewound', async () => {
    const { repository, tip } = await withTwoOps()
    const older = await repository.git('rev-parse', `${tip}~1`)
    await repository.write('.git/kitty/ledger-tip', `${await writerOf(repository)} ${older}\n`)
    expect(await readOwnLedger(repository.path)).not.toHaveProperty('rewoundFrom')
  })

  it('whose note is empty, as after a power loss, or of another writer, is not rewound', async () => {
    const { repository, ref, tip } = await withTwoOps()
    await repository.git('update-ref', ref, `${ref}~1`)
    await repository.write('.git/kitty/ledger-tip', `01ARZ3NDEKTSV4RRFFQ69G5FAV ${tip}\n`)
    expect(await readOwnLedger(repository.path)).not.toHaveProperty('rewoundFrom')
    await truncate(join(repository.path, '.git', 'kitty', 'ledger-tip'))
    expect(await readOwnLedger(repository.path)).not.toHaveProperty('rewoundFrom')
  })

  it.each([
    ['missing', loseObject],
    ['empty', emptyObject],
  ])('whose tip is %s is damaged, and not rewound', async (_, harm) => {
    const { repository, tip } = await withTwoOps()
    const older = await repository.git('rev-parse', `${tip}~1`)
    await repository.write('.git/kitty/ledger-tip', `${await writerOf(repository)} ${older}\n`)
    await harm(repository, tip)
    expect(await readOwnLedger(repository.path)).not.toHaveProperty('rewoundFrom')
    expect(await ledgerDamage(repository.path, [tip])).toContain(tip.slice(2))
  })
})

describe('damage of ledgers', () => {
  it('is none in a whole one, seen from anywhere in the repository', async () => {
    const { repository, tip } = await withTwoOps()
    await repository.write('below/file.txt', '')
    expect(await ledgerDamage(join(repository.path, 'below'), [tip], { deep: true })).toBe(
      undefined,
    )
    expect(await ledgerDamage(join(repository.path, '.git'), [tip])).toBe(undefined)
  })

  it.each(['', '^{tree}', ':RECORD'])('names the object that is lost: %s', async (what) => {
    const { repository, ids, ref, tip } = await withTwoOps()
    const record = await pathInLedger(repository, ref, ids[1])
    const object = await repository.git('rev-parse', `${ref}${what.replace('RECORD', record)}`)
    await loseObject(repository, object)
    const damage = await ledgerDamage(repository.path, [tip])
    expect(damage).toContain(object)
    expect(damage).not.toMatch(/^(?:error|fatal)|\n/)
  })

  it('names what is empty, too', async () => {
    const { repository, ids, ref, tip } = await withTwoOps()
    const record = `${ref}:${await pathInLedger(repository, ref, ids[1])}`
    const blob = await repository.git('rev-parse', record)
    await emptyObject(repository, blob)
    const damage = await ledgerDamage(repository.path, [tip])
    expect(damage).toContain(blob.slice(2))
    expect(damage).not.toMatch(/^(?:error|fatal)|\n/)
  })

  it('in the history alone is found with deep, and otherwise not', async () => {
    const { repository, tip } = await withTwoOps()
    await loseObject(repository, `${tip}~1^{tree}`)
    expect(await ledgerDamage(repository.path, [tip])).toBe(undefined)
    expect(await ledgerDamage(repository.path, [tip], { deep: true })).not.toBe(undefined)
  })
})
