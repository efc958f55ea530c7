import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newOpId } from '@kitty/record'
import { closedRecordText, openRecordText, type Repository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { readLedgers } from '../../src/inspect/ledger-copies.js'
import { listLedgers } from '../../src/inspect/ledgers.js'
import { ledgerEvidenceOf, ledgerPathOf, ledgerRefOf } from '../../src/ledger/layout.js'
import { blobOf, withInput, writeLedger } from '../support/hostile-ledger.js'
import { cloneFrom, closeSome, newMember, newServer, refsIn, sync } from '../support/sync.js'

const recordFile = (id = newOpId()) => ({ path: ledgerPathOf(id), text: closedRecordText({ id }) })

/** A tree with one entry of any name, as no git writes it. */
const oddTree = async (server: Repository, mode: string, name: string, id: string) => {
  const bytes = Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')])
  const file = join(await tempFolder(), 'tree')
  await writeFile(file, bytes)
  const args = ['hash-object', '-t', 'tree', '-w', '--literally', file]
  return (await server.tryGit(...args)).stdout
}

describe('a hostile ledger on the server', () => {
  it('brings its records; links, submodules, foreign ids and large files are counted and ignored', async () => {
    const server = await newServer()
    const [good, link, module, other, open, huge] = Array.from({ length: 6 }, () => newOpId())
    const ids = [good, link, module, other, open, huge].flatMap((id) => id ?? [])
    const [
      one = newOpId(),
      two = newOpId(),
      three = newOpId(),
      four = newOpId(),
      five = newOpId(),
      six = newOpId(),
    ] = ids
    const target = await blobOf(server, closedRecordText({ id: two }))
    const text = closedRecordText({ id: six })
    await writeLedger(server, ledgerRefOf(newOpId()), [
      recordFile(one),
      { path: ledgerPathOf(two), mode: '120000', id: target },
      { path: ledgerPathOf(three), mode: '160000', id: await server.git('rev-parse', 'main') },
      { path: ledgerPathOf(four), text: closedRecordText() },
      { path: ledgerPathOf(five), text: openRecordText({ id: five }) },
      { path: ledgerPathOf(six), text: text + '\n'.repeat(8 * 2 ** 20 + 1 - text.length) },
      { path: `kitty-ops/${one}.jsonl`, text: closedRecordText({ id: one }) },
      { path: 'a "name"\nwith\ttabs', text: 'x' },
      { path: `${ledgerEvidenceOf(one)}/log.txt`, text: 'evidence' },
      { path: `erased/${newOpId()}`, text: '' },
    ])
    const clone = await cloneFrom(server)
    expect(await sync(clone)).toMatchObject({ fetched: [{ ops: 1, foreign: 7 }], skipped: [] })
    const contents = await readLedgers(clone.path, await listLedgers(clone.path))
    expect([...contents.copies.keys()]).toEqual([one])
    expect(contents.broken).toEqual([])
    expect(await sync(clone)).toMatchObject({ fetched: [], skipped: [] })
  })

  it('that git refuses is named and left out, and the others come', async () => {
    const server = await newServer()
    const b = await newMember(server, 1)
    await sync(b.clone)
    const blob = await blobOf(server, 'x')
    const bad: string[] = []
    for (const name of ['..', '.git', 'a/b']) {
      const tree = await oddTree(server, '100644', name, blob)
      if (tree === '') continue
      const commit = await server.git('commit-tree', tree, '-m', 'ledger: add 1 Op')
      const ref = ledgerRefOf(newOpId())
      await server.git('update-ref', ref, commit)
      bad.push(ref)
    }
    expect(bad).not.toEqual([])
    // A clone by path would have every object of the server, and git would fetch nothing.
    const a = await newMember(server, 1, '--no-local')
    const result = await sync(a.clone)
    expect(result).toMatchObject({ pushed: [{ ops: 1 }], fetched: [{ ops: 1 }] })
    expect(result.skipped.map(({ ref, reason }) => ({ ref, reason }))).toEqual(
      bad.toSorted().map((ref) => ({ ref, reason: 'damaged' })),
    )
    expect(await a.clone.git('fsck', '--strict', '--no-dangling')).toBe('')
  })

  it('that the server cannot read is named and left out, and the others come', async () => {
    const server = await newServer()
    const b = await newMember(server, 1)
    await sync(b.clone)
    const bad = ledgerRefOf(newOpId())
    await writeLedger(server, bad, [recordFile()])
    const tree = await server.git('rev-parse', `${bad}^{tree}`)
    await rm(join(server.path, 'objects', tree.slice(0, 2), tree.slice(2)))
    const a = await newMember(server, 1)
    expect(await sync(a.clone)).toMatchObject({
      pushed: [{ ops: 1 }],
      fetched: [{ ops: 1 }],
      skipped: [{ ref: bad, reason: 'broken-off' }],
    })
  })

  it('under other names is not even asked for', async () => {
    const server = await newServer()
    for (const name of ['main', '../../heads/main', 'x/01K6ZP4WQ0000000000000000A', '--all']) {
      await server.tryGit('update-ref', `refs/kitty/ops/${name}`, 'main')
    }
    await server.git('update-ref', 'refs/x/refs/kitty/ops/01K6ZP4WQ0000000000000000A', 'main')
    const clone = await cloneFrom(server)
    expect(await sync(clone)).toMatchObject({ fetched: [], skipped: [] })
    expect(await refsIn(clone, 'refs/kitty')).toEqual([])
  })

  it('that points to a tag or a file holds nothing, and breaks nothing', async () => {
    const server = await newServer()
    const b = await newMember(server, 1)
    await sync(b.clone)
    const clone = await cloneFrom(server)
    await sync(clone)
    const before = await refsIn(clone, 'refs/kitty')
    const blob = await blobOf(server, 'x')
    const object = await server.git('rev-parse', 'main')
    const tag = `object ${object}\ntype commit\ntag x\ntagger A <a@b> 0 +0000\n\nx\n`
    const [, known = ''] = before[0]?.split('remotes/origin/') ?? []
    const refs = [ledgerRefOf(newOpId()), ledgerRefOf(newOpId()), ledgerRefOf(known)]
    const objects = [blob, await withInput(server, tag, 'mktag'), blob]
    for (const [at, ref] of refs.entries()) await server.git('update-ref', ref, objects[at] ?? '')
    const { fetched, skipped } = await sync(clone)
    expect(fetched).toEqual([])
    expect(skipped.map(({ ref, reason }) => [ref, reason])).toEqual(
      refs.toSorted().map((ref) => [ref, 'damaged']),
    )
    // Git itself lets a blob take the place of a commit.
    expect(await refsIn(clone, 'refs/kitty')).toEqual(before)
    const contents = await readLedgers(clone.path, await listLedgers(clone.path))
    expect([...contents.copies.keys()]).toEqual(b.ids)
    await server.git('update-ref', '-d', ledgerRefOf(known))
    await closeSome(b.ops, 1)
    expect(await sync(b.clone)).toMatchObject({ pushed: [{ ops: 2 }] })
  })

  it('whose folders contain each other many times is read in no time', async () => {
    const server = await newServer()
    const id = newOpId()
    await writeLedger(server, 'refs/one', [recordFile(id)])
    const month = ledgerPathOf(id).slice(0, 7)
    const inside = await server.git('rev-parse', `refs/one:${month}`)
    const names = Array.from({ length: 400 }, (_, at) => `${2100 + at}-01`)
    const listing = names.map((name) => `040000 tree ${inside}\t${name}\n`).join('')
    const tree = await withInput(server, listing, 'mktree')
    const commit = await server.git('commit-tree', tree, '-m', 'x')
    await server.git('update-ref', ledgerRefOf(newOpId()), commit)
    await server.git('update-ref', '-d', 'refs/one')
    const clone = await cloneFrom(server)
    expect(await sync(clone)).toMatchObject({ fetched: [{ ops: 0 }], skipped: [] })
  })
})
