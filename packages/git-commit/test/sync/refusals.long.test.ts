import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { waitForLock } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { ledgerLockOf } from '../../src/ledger/own-writer.js'
import { syncLedgers } from '../../src/sync/sync-ledgers.js'
import { loseObject, writerOf } from '../support/ledger.js'
import {
  closeSome,
  collected,
  copyOf,
  hookIn,
  newMember,
  newServer,
  published,
  refsIn,
  sync,
} from '../support/sync.js'

/** A server that another clone has published to, and one that has not. */
const beforeAPush = async (count: number) => {
  const server = await newServer()
  const [a, b] = [await newMember(server, count), await newMember(server, 1)]
  await sync(b.clone)
  return { server, a, b, ref: `refs/kitty/ops/${await writerOf(a.clone)}` }
}

describe('a server that refuses', () => {
  it('one record: what came before it is published, and it is named', async () => {
    const { server, a, ref } = await beforeAPush(7)
    const bad = a.ids[4] ?? ''
    await hookIn(
      server,
      'pre-receive',
      `while read old new ref; do
        if git ls-tree -r --name-only "$new" | grep -q ${bad}; then echo "A secret was found." >&2; exit 1; fi
      done`,
    )
    const result = await sync(a.clone)
    expect(result).toMatchObject({
      pushed: [{ ops: 4 }],
      fetched: [{ ops: 1 }],
      skipped: [{ ref, reason: 'refused', ops: [bad] }],
    })
    const [skipped] = result.skipped
    expect(skipped?.message).toContain(`The server refused the record of Op ${bad} of this clone: `)
    expect(skipped?.message).toContain('A secret was found.')
    expect(await published(server)).toHaveLength(5)
    expect(await sync(a.clone)).toMatchObject({ pushed: [], skipped: [{ ops: [bad] }] })
  })

  it('everything: the first record is named, and nothing is published', async () => {
    const { server, a, b, ref } = await beforeAPush(3)
    await hookIn(server, 'update', 'echo "No." >&2; exit 1')
    const before = await refsIn(a.clone, 'refs/kitty/ops')
    expect(await sync(a.clone)).toMatchObject({
      pushed: [],
      skipped: [
        {
          ref,
          reason: 'refused',
          ops: [a.ids[0]],
          message: expect.stringContaining('refused everything that is new, from the record of Op'),
        },
      ],
    })
    expect(await published(server)).toEqual(b.ids)
    expect(await refsIn(a.clone, 'refs/kitty/ops')).toEqual(before)
  })

  it('such refs: that is what it says', async () => {
    const { server, a, ref } = await beforeAPush(1)
    await server.git('config', 'transfer.hideRefs', 'refs/kitty')
    expect(await sync(a.clone)).toMatchObject({
      pushed: [],
      fetched: [],
      skipped: [{ ref, reason: 'refs-refused', hint: expect.stringContaining('another remote') }],
    })
  })

  it('content that git does not take: the record is named', async () => {
    const { server, a, ref } = await beforeAPush(2)
    await server.git('config', 'receive.maxInputSize', '10')
    expect(await sync(a.clone)).toMatchObject({
      pushed: [],
      skipped: [{ ref, reason: 'refused', ops: [a.ids[0]] }],
    })
  })

  it('two pushes at once: the second takes another turn', async () => {
    const { server, a, ref } = await beforeAPush(1)
    // Another process holds the ref while the first push arrives.
    await hookIn(
      server,
      'pre-receive',
      `mkdir once 2>/dev/null && mkdir -p ${ref.slice(0, -27)} && : > ${ref}.lock && exit 0
      rm -f ${ref}.lock`,
    )
    expect(await sync(a.clone)).toMatchObject({ pushed: [{ ops: 1 }], skipped: [] })
  })
})

describe('a ledger of this clone', () => {
  it('that was moved back is not pushed, until its person decides', async () => {
    const { server, a, b, ref } = await beforeAPush(2)
    await sync(a.clone)
    await a.clone.git('update-ref', ref, `${ref}~1`)
    const [id] = await closeSome(b.ops, 1)
    await sync(b.clone)
    expect(await sync(a.clone)).toMatchObject({
      pushed: [],
      fetched: [{ ops: 1 }],
      skipped: [{ ref, reason: 'rewound' }],
    })
    expect(await collected(a.clone)).toContain(id)
    expect(await published(server)).toHaveLength(4)
  })

  it('whose ref is broken is restored first, as by the next Op', async () => {
    const { a, ref } = await beforeAPush(1)
    await a.clone.write(join('.git', ref), '')
    expect(await sync(a.clone)).toMatchObject({
      pushed: [{ ops: 1 }],
      fetched: [{ ops: 1 }],
      skipped: [],
    })
  })

  it('in a clone with another broken ref is not pushed in vain: the ref is named', async () => {
    const { a } = await beforeAPush(1)
    await a.clone.write('.git/refs/kitty/ops/01K6ZP4WQ0000000000000000A', `${'1'.repeat(40)}\n`)
    const { fetched, skipped } = await sync(a.clone)
    // Some versions of git fetch all the same.
    if (fetched.length > 0) return expect(skipped).toEqual([])
    const message = expect.stringContaining('01K6ZP4WQ0000000000000000A of this clone')
    return expect(skipped).toMatchObject([{ reason: 'damaged', message }])
  })

  it('that lacks an object is not said to be refused by the server', async () => {
    const { a, ref } = await beforeAPush(2)
    await loseObject(a.clone, `${ref}^{tree}`)
    expect(await sync(a.clone)).toMatchObject({
      pushed: [],
      fetched: [{ ops: 1 }],
      skipped: [{ ref, reason: 'damaged', hint: expect.stringContaining('doctor') }],
    })
  })

  it('that another process holds for too long does not get a new name', async () => {
    const { a, ref } = await beforeAPush(1)
    const copy = await copyOf(a)
    await closeSome(a.ops, 1)
    await sync(a.clone)
    await closeSome(copy.ops, 1)
    const lock = await waitForLock(ledgerLockOf(join(copy.clone.path, '.git')), { timeoutMs: 1000 })
    const failed = sync(copy.clone, { lockTimeoutMs: 50 })
    await expect(failed).rejects.toMatchObject({ code: 'LOCK_TIMEOUT' })
    if (lock.kind === 'held') lock.release()
    expect(await writerOf(copy.clone)).toBe(ref.split('/').at(-1))
    expect(await sync(copy.clone)).toMatchObject({ newWriter: { to: await writerOf(copy.clone) } })
  })

  it('whose name git cannot change stays under the old one', async () => {
    const { a, ref } = await beforeAPush(1)
    const copy = await copyOf(a)
    await closeSome(a.ops, 1)
    await sync(a.clone)
    await copy.clone.write(join('.git', `${ref}.lock`), '')
    await expect(sync(copy.clone)).rejects.toMatchObject({ code: 'LOCK_TIMEOUT' })
    expect(await writerOf(copy.clone)).toBe(ref.split('/').at(-1))
  })

  it('of a lost writer is published too', async () => {
    const { server, a } = await beforeAPush(2)
    const { rm } = await import('node:fs/promises')
    await rm(join(a.clone.path, '.git', 'kitty', 'writer'))
    await closeSome(a.ops, 1)
    expect(await sync(a.clone)).toMatchObject({ pushed: [{ ops: 1 }, { ops: 2 }], skipped: [] })
    expect(await published(server)).toHaveLength(4)
  })
})

describe('what the server changed', () => {
  it('is not taken if it no longer contains what was fetched, and what is here stays', async () => {
    const { server, a, b } = await beforeAPush(1)
    await sync(a.clone)
    const ref = `refs/kitty/ops/${await writerOf(b.clone)}`
    const before = await collected(a.clone)
    const other = await server.git('commit-tree', `${ref}^{tree}`, '-m', 'another history')
    await server.git('update-ref', ref, other)
    const late = await closeSome(b.ops, 1)
    expect(await sync(a.clone)).toMatchObject({
      fetched: [],
      skipped: [{ ref, reason: 'rewritten', hint: expect.stringContaining('update-ref -d') }],
    })
    expect(await collected(a.clone)).toEqual(before)
    // For the clone that writes it, that is another clone with the same writer.
    expect(await sync(b.clone)).toMatchObject({ newWriter: { to: await writerOf(b.clone) } })
    expect(await published(server)).toContain(late[0])
  })
})

describe('a sync that cannot begin, or end', () => {
  it('says that there is no repository, or that it is broken', async () => {
    const options = { remote: 'origin' }
    const outside = syncLedgers(await tempFolder(), options)
    await expect(outside).rejects.toMatchObject({ code: 'NO_REPOSITORY' })
    const broken = await newRepository()
    await broken.write('.git/config', '[core\n')
    await expect(syncLedgers(broken.path, options)).rejects.toMatchObject({ code: 'GIT_FAILED' })
  })

  it('says that a remote has a name that can be in no ref', async () => {
    const { a } = await beforeAPush(1)
    await a.clone.git('config', 'remote.a..b.url', '/nowhere')
    await expect(sync(a.clone, { remote: 'a..b' })).rejects.toMatchObject({
      code: 'REMOTE_UNKNOWN',
      hint: expect.stringContaining('git remote rename'),
    })
  })

  it('keeps what it fetched if the server for pushing is another one, which is gone', async () => {
    const { a, b } = await beforeAPush(1)
    await a.clone.git('config', 'remote.origin.pushurl', join(await tempFolder(), 'gone'))
    await expect(sync(a.clone)).rejects.toMatchObject({ code: 'SYNC_OFFLINE' })
    expect(await collected(a.clone)).toEqual(b.ids)
  })

  it('pushes to another server if the remote has one for that', async () => {
    const { a } = await beforeAPush(1)
    const other = await newServer()
    await a.clone.git('config', 'remote.origin.pushurl', other.path)
    expect(await sync(a.clone)).toMatchObject({ pushed: [{ ops: 1 }], fetched: [{ ops: 1 }] })
    expect(await published(other)).toEqual(a.ids)
    expect(await sync(a.clone)).toMatchObject({ pushed: [], fetched: [], skipped: [] })
  })
})
