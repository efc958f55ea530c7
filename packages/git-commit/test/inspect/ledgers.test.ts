import { rm } from 'node:fs/promises'
import { newOpId, type OpId } from '@kitty/record'
import { closedRecordText, newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { walkLedger } from '../../src/inspect/history.js'
import { readLedgers } from '../../src/inspect/ledger-copies.js'
import { listLedgers } from '../../src/inspect/ledgers.js'
import { ledgerPathOf, ledgerRefOf } from '../../src/ledger/layout.js'
import { blobOf, withInput, writeLedger } from '../support/hostile-ledger.js'
import {
  emptyObject,
  loseObject,
  objectPath,
  onlyLedger,
  openWithLedger,
  pathInLedger,
} from '../support/ledger.js'
import { closeOne } from '../support/store.js'

const fetchedRef = (writer = newOpId(), remote = 'origin'): string =>
  `refs/kitty/remotes/${remote}/${writer}`

const recordOf = (id: OpId, completed: object = {}) => ({
  path: ledgerPathOf(id),
  text: closedRecordText({ id, completed }),
})

const readAll = async ({ path }: Repository, ids?: readonly OpId[]) =>
  readLedgers(path, await listLedgers(path), ids && { ids })

/** A fetched ledger with the record of one Op. */
const fetchedOp = async (repository: Repository, ref = fetchedRef()) => {
  const id = newOpId()
  const file = recordOf(id)
  return { id, ref, path: file.path, tip: await writeLedger(repository, ref, [file]) }
}

describe('the ledgers of a repository', () => {
  it('are listed: its own, those of earlier writers, those from remotes of any name', async () => {
    const repository = await newRepository()
    await closeOne(await openWithLedger(repository.path))
    const own = await onlyLedger(repository)
    const [earlier, writer] = [newOpId(), newOpId()]
    const [local, near, far] = [
      ledgerRefOf(earlier),
      fetchedRef(writer, 'a'),
      fetchedRef(writer, 'team/b'),
    ]
    const head = await repository.head()
    for (const ref of [far, near, local]) await repository.git('update-ref', ref, head)
    const ledgers = await listLedgers(repository.path)
    expect(ledgers.map(({ ref }) => ref)).toEqual([own, local, near, far])
    expect(ledgers.slice(1)).toEqual([
      { ref: local, tip: head, writer: earlier, isOwn: false },
      { ref: near, tip: head, writer, remote: 'a', isOwn: false },
      { ref: far, tip: head, writer, remote: 'team/b', isOwn: false },
    ])
    expect(ledgers[0]).toMatchObject({ ref: own, isOwn: true })
  })

  it('are not refs with other names', async () => {
    const repository = await newRepository()
    const writer = newOpId()
    for (const ref of [
      'refs/kitty/ops/main',
      `refs/kitty/ops/deeper/${writer}`,
      `refs/kitty/remotes/${writer}`,
      'refs/kitty/remotes/origin/main',
      `refs/kitty/${writer}`,
    ]) {
      await repository.git('update-ref', ref, 'HEAD')
    }
    expect(await listLedgers(repository.path)).toEqual([])
  })

  it('are none outside git, where nothing can be read either', async () => {
    const [folder, repository] = [await tempFolder(), await newRepository()]
    await fetchedOp(repository)
    expect(await listLedgers(folder)).toEqual([])
    const elsewhere = await readLedgers(folder, await listLedgers(repository.path))
    expect(elsewhere).toEqual({ copies: new Map(), foreign: 0, erased: new Set(), broken: [] })
  })

  it('that git cannot list are an error, and not none', async () => {
    const repository = await newRepository()
    await fetchedOp(repository)
    await repository.write('.git/packed-refs', 'garbage\n')
    await expect(listLedgers(repository.path)).rejects.toMatchObject({ code: 'GIT_FAILED' })
  })
})

describe('what ledgers hold', () => {
  it('can be read for some Ops alone, also whether they were erased', async () => {
    const repository = await newRepository()
    const [first, second, erased, other] = [newOpId(), newOpId(), newOpId(), newOpId()]
    const old = newOpId(Date.parse('2024-02-29T12:00:00Z'))
    await writeLedger(repository, fetchedRef(), [
      ...[first, second, old].map((id) => recordOf(id)),
      ...[erased, other].map((id) => ({ path: `erased/${id}`, text: '' })),
    ])
    const some = await readAll(repository, [first, erased])
    expect([...some.copies.keys()]).toEqual([first])
    expect(some.erased).toContain(erased)
    expect([...(await readAll(repository, [old])).copies.keys()]).toEqual([old])
    const all = await readAll(repository)
    expect([...all.copies.keys()].sort()).toEqual([first, second, old].sort())
    expect(all.erased).toEqual(new Set([erased, other]))
    expect([...(await readAll(repository, [])).copies]).toEqual([])
  })

  it('counts once for a writer whose ledger was fetched from two remotes', async () => {
    const repository = await newRepository()
    const writer = newOpId()
    const { id, tip } = await fetchedOp(repository, fetchedRef(writer, 'a'))
    await repository.git('update-ref', fetchedRef(writer, 'b'), tip)
    await repository.git('update-ref', fetchedRef(newOpId(), 'b'), tip)
    const copies = (await readAll(repository)).copies.get(id) ?? []
    expect(copies.map(({ ledger }) => [ledger.remote, ledger.writer === writer])).toContainEqual([
      'a',
      true,
    ])
    expect(copies).toHaveLength(2)
  })

  it('counts the copy of this clone first, whatever others say about the Op', async () => {
    const repository = await newRepository()
    const { id } = await closeOne(await openWithLedger(repository.path))
    const early = { completed_at: '2001-01-01T00:00:00.000Z', closed_by: 'agent' }
    await writeLedger(repository, fetchedRef(), [recordOf(id, early)])
    const copies = (await readAll(repository)).copies.get(id)
    expect(copies?.map(({ ledger }) => ledger.isOwn)).toEqual([true, false])
  })

  it('orders copies that were closed at one time by their blobs, whatever is read first', async () => {
    const repository = await newRepository()
    const id = newOpId(Date.parse('2026-11-28T08:00:00Z'))
    const blobs: string[] = []
    for (const outcome of ['done', 'failed', 'abandoned']) {
      const at = { completed_at: '2026-11-28T09:00:00.000Z', outcome }
      const file = recordOf(id, at)
      blobs.push(await blobOf(repository, file.text))
      await writeLedger(repository, fetchedRef(), [file])
    }
    const ledgers = await listLedgers(repository.path)
    for (const order of [ledgers, ledgers.toReversed()]) {
      const { copies } = await readLedgers(repository.path, order)
      expect(copies.get(id)?.map(({ blob }) => blob)).toEqual(blobs.toSorted())
    }
  })

  it('ignores a folder that is too large to be one of a ledger, and reads the others', async () => {
    const repository = await newRepository()
    const { id } = await fetchedOp(repository)
    const blob = await blobOf(repository, '')
    const names = Array.from({ length: 2200 }, (_, at) => `${at}${'x'.repeat(4000)}`)
    const entries = names.map((name) => `100644 blob ${blob}\t${name}\n`)
    const large = await withInput(repository, entries.join(''), 'mktree')
    const top = await withInput(repository, `040000 tree ${large}\terased\n`, 'mktree')
    const commit = await repository.git('commit-tree', top, '-m', 'Large')
    await repository.git('update-ref', fetchedRef(), commit)
    const { copies, foreign, broken } = await readAll(repository)
    expect([...copies.keys()]).toEqual([id])
    expect({ foreign, broken }).toEqual({ foreign: 1, broken: [] })
  })
})

describe('a damaged ledger is named with what it lacks, and the rest of it and the others are read', () => {
  it.each([
    ['missing', loseObject],
    ['empty', emptyObject],
  ])('if its tip, a folder or a record is %s', async (_, harm) => {
    const repository = await newRepository()
    const good = await fetchedOp(repository)
    const [tip, day, record] = [
      await fetchedOp(repository),
      await fetchedOp(repository),
      await fetchedOp(repository),
    ]
    const kept = newOpId(Date.parse('2024-02-29T12:00:00Z'))
    const files = [recordOf(kept), recordOf(record.id)]
    await writeLedger(repository, record.ref, files)
    const lost = [
      tip.tip,
      await repository.git('rev-parse', `${day.ref}:${day.path.slice(0, 7)}`),
      await repository.git('rev-parse', `${record.ref}:${record.path}`),
    ]
    for (const object of lost) await harm(repository, object)
    const { copies, broken } = await readAll(repository)
    expect([...copies.keys()].sort()).toEqual([good.id, kept].sort())
    const named = broken.map(({ ledger, message }) => [ledger.ref, message])
    expect(new Map(named.map(([ref = '', message]) => [ref, message]))).toEqual(
      new Map(
        [tip.ref, day.ref, record.ref].map((ref, at) => [
          ref,
          `The object ${lost[at]} is missing or damaged.`,
        ]),
      ),
    )
  })

  it('names each once, with the first that it lacks', async () => {
    const repository = await newRepository()
    const ids = [newOpId(), newOpId(), newOpId(Date.parse('2024-02-29T12:00:00Z'))]
    const ref = fetchedRef()
    await writeLedger(
      repository,
      ref,
      ids.map((id) => recordOf(id)),
    )
    const [record = ''] = ids.slice(1).map((id) => ledgerPathOf(id))
    const folder = await repository.git('rev-parse', `${ref}:2024-02`)
    await loseObject(repository, `${ref}:${record}`)
    await loseObject(repository, folder)
    const { copies, broken } = await readAll(repository)
    expect([...copies.keys()]).toEqual([ids[0]])
    expect(broken).toMatchObject([{ message: expect.stringContaining(folder) }])
  })
})

describe('the history of a ledger', () => {
  it('is each commit with what it added, oldest first', async () => {
    const repository = await newRepository()
    const ops = await openWithLedger(repository.path)
    const ids = [(await closeOne(ops)).id, (await closeOne(ops)).id]
    const ref = await onlyLedger(repository)
    const [ledger] = await listLedgers(repository.path)
    const commits = await walkLedger(repository.path, ledger ?? { tip: '' })
    const paths = await Promise.all(ids.map((id) => pathInLedger(repository, ref, id)))
    expect(commits.map(({ changes }) => changes.map(({ path }) => path))).toEqual(
      paths.map((path) => [path]),
    )
    expect(commits.map(({ isRoot, isMerge }) => [isRoot, isMerge])).toEqual([
      [true, false],
      [false, false],
    ])
    expect(commits.at(-1)?.sha).toBe(ledger?.tip)
  })

  it('shows what was changed and removed, with the blobs before and after', async () => {
    const repository = await newRepository()
    const id = newOpId()
    const ref = fetchedRef()
    const [before, after] = [recordOf(id), recordOf(id, { outcome: 'failed' })]
    const first = await writeLedger(repository, ref, [before])
    const second = await writeLedger(repository, ref, [after], first)
    const tip = await writeLedger(repository, ref, [], second)
    const commits = await walkLedger(repository.path, { tip })
    const [old, now] = [await blobOf(repository, before.text), await blobOf(repository, after.text)]
    expect(commits.map(({ changes }) => changes)).toEqual([
      [{ path: before.path, before: [], after: old }],
      [{ path: before.path, before: [old], after: now }],
      [{ path: before.path, before: [now], after: undefined }],
    ])
  })

  it('that lacks a commit is an error, and not a shorter history', async () => {
    const repository = await newRepository()
    const first = await fetchedOp(repository)
    const tip = await writeLedger(repository, first.ref, [], first.tip)
    await rm(objectPath(repository, first.tip))
    await expect(walkLedger(repository.path, { tip })).rejects.toMatchObject({ code: 'GIT_FAILED' })
  })
})
