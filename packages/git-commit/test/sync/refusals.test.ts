import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writerOf } from '../support/ledger.js'
import {
  closeSome,
  collected,
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
    const { skipped } = await sync(a.clone)
    expect(skipped).toMatchObject([
      {
        reason: 'damaged',
        message: expect.stringContaining('01K6ZP4WQ0000000000000000A of this clone'),
      },
    ])
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
