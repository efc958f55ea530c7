import { truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import {
  emptyObject,
  loseObject,
  onlyLedger,
  openWithLedger,
  opsInLedger,
} from '../support/ledger.js'
import { closeOne, shaOf } from '../support/store.js'

/** The objects that only the last commit of the ledger has: the commit, its trees and its record. */
const OBJECTS: Readonly<Record<string, (ref: string, day: string, id: string) => string>> = {
  'the commit': (ref) => ref,
  'the tree': (ref) => `${ref}^{tree}`,
  'the folder of the month': (ref, day) => `${ref}:${day.split('/')[0]}`,
  'the folder of the day': (ref, day) => `${ref}:${day}`,
  'the record': (ref, day, id) => `${ref}:${day}/${id}.jsonl`,
}

const HURTS = { missing: loseObject, empty: emptyObject }

const CASES = Object.keys(OBJECTS).flatMap((name) =>
  Object.entries(HURTS).map(([hurt, harm]) => [name, hurt, harm] as const),
)

describe('a ledger whose last commit is damaged, as by a power loss', () => {
  it.each(CASES)('is whole after the next Op: %s is %s', async (name, _, harm) => {
    const repository = await newRepository()
    const ops = await openWithLedger(repository.path)
    const first = await closeOne(ops)
    const last = await closeOne(ops)
    const ref = await onlyLedger(repository)
    const [path = ''] = (await repository.git('ls-tree', '-r', '--name-only', ref)).split('\n')
    const day = path.split('/').slice(0, 2).join('/')
    // The branch has the same blob, so this damages both.
    await harm(repository, OBJECTS[name]?.(ref, day, last.id) ?? '')
    // The next Op needs the commit and its trees; only the same Op needs the record.
    if (name === 'the record') await ops.commitClosed(last.id)
    const next = await closeOne(ops)
    expect(next.commit.ledger).toMatchObject({ status: 'committed' })
    expect(await opsInLedger(repository)).toEqual([first.id, last.id, next.id].toSorted())
    expect(await repository.git('rev-list', '--objects', ref)).toContain(last.id)
    const { stdout } = await repository.tryGit('fsck', '--no-dangling', '--no-reflogs', ref)
    expect(stdout).toBe('')
  })
})

describe('a ledger that somebody moved back', () => {
  const threeOps = async () => {
    const repository = await newRepository()
    const ops = await openWithLedger(repository.path)
    const ids = [(await closeOne(ops)).id, (await closeOne(ops)).id]
    const ref = await onlyLedger(repository)
    return { repository, ops, ids, ref, tip: await repository.git('rev-parse', ref) }
  }

  it.each([
    ['moved back', (ref: string) => ['update-ref', ref, `${ref}~1`]],
    ['removed', (ref: string) => ['update-ref', '-d', ref]],
  ])('is not healed: %s', async (_, how) => {
    const { repository, ops, ids, ref, tip } = await threeOps()
    await repository.git(...how(ref))
    const { id, commit } = await closeOne(ops)
    expect(commit).toMatchObject({
      status: 'committed',
      ledger: { status: 'deferred', reason: 'ledger-rewound' },
    })
    expect((await ops.pending()).map((intent) => intent.id)).toEqual([id])
    await repository.git('update-ref', ref, tip)
    await ops.flush()
    expect(await opsInLedger(repository)).toEqual([...ids, id].toSorted())
    expect(await ops.pending()).toEqual([])
  })

  it('and whose note is older continues, as after a crash before the note', async () => {
    const { repository, ops, ids, ref, tip } = await threeOps()
    const writer = ref.split('/').at(-1)
    const older = await repository.git('rev-parse', `${tip}~1`)
    await repository.write('.git/kitty/ledger-tip', `${writer} ${older}\n`)
    const { id, commit } = await closeOne(ops)
    expect(commit.ledger).toMatchObject({ status: 'committed' })
    expect(await opsInLedger(repository)).toEqual([...ids, id].toSorted())
    expect(shaOf(commit)).toBe(await repository.head())
  })

  it('or has no note continues', async () => {
    const { repository, ops, ids } = await threeOps()
    await truncate(join(repository.path, '.git', 'kitty', 'ledger-tip'))
    const { id } = await closeOne(ops)
    expect(await opsInLedger(repository)).toEqual([...ids, id].toSorted())
  })
})

it('a record that the ledger holds with other bytes stays, and the Op is settled', async () => {
  const repository = await newRepository()
  const ops = await openWithLedger(repository.path)
  const { id, path } = await closeOne(ops)
  const bytes = await repository.read(path)
  await repository.git('reset', '--quiet', '--hard', 'HEAD~1')
  await repository.write(path, bytes.replace('"done"', '"failed"'))
  expect(await ops.commitClosed(id)).toMatchObject({
    status: 'committed',
    ledger: { status: 'failed', reason: 'closed-in-ledger' },
  })
  expect(await ops.pending()).toEqual([])
  expect(await opsInLedger(repository)).toEqual([id])
})
