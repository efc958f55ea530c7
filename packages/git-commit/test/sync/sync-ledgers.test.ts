import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import type { SyncProgress } from '../../src/sync/sync-result.js'
import { writerOf } from '../support/ledger.js'
import {
  cloneFrom,
  closeSome,
  collected,
  copyOf,
  newMember,
  newServer,
  published,
  refsIn,
  sync,
} from '../support/sync.js'

describe('a sync over a bare repository by path', () => {
  it('publishes the ledgers of two clones, and a late one gets both', async () => {
    const server = await newServer()
    const [a, b] = [await newMember(server, 2), await newMember(server, 1)]
    const [writerA, writerB] = [await writerOf(a.clone), await writerOf(b.clone)]
    expect(await sync(a.clone)).toEqual({
      remote: 'origin',
      pushed: [{ writer: writerA, ops: 2, foreign: 0 }],
      fetched: [],
      skipped: [],
    })
    expect(await sync(b.clone)).toEqual({
      remote: 'origin',
      pushed: [{ writer: writerB, ops: 1, foreign: 0 }],
      fetched: [{ writer: writerA, ops: 2, foreign: 0 }],
      skipped: [],
    })
    const late = await cloneFrom(server)
    expect(await sync(late)).toMatchObject({
      pushed: [],
      fetched: [
        { writer: writerA, ops: 2 },
        { writer: writerB, ops: 1 },
      ].toSorted((x, y) => (x.writer < y.writer ? -1 : 1)),
    })
    expect(await collected(late)).toEqual([...a.ids, ...b.ids].toSorted())
    const more = await closeSome(a.ops, 2)
    expect(await sync(a.clone)).toMatchObject({
      pushed: [{ writer: writerA, ops: 2 }],
      fetched: [{ writer: writerB, ops: 1 }],
    })
    expect(await sync(late)).toMatchObject({ pushed: [], fetched: [{ writer: writerA, ops: 2 }] })
    expect(await collected(late)).toEqual([...a.ids, ...b.ids, ...more].toSorted())
    expect(await published(server)).toEqual(await collected(late))
    for (const { clone } of [a, b]) {
      await sync(clone)
      expect(await sync(clone)).toEqual({ remote: 'origin', pushed: [], fetched: [], skipped: [] })
    }
  })

  it('only says with dryRun what would come and go', async () => {
    const server = await newServer()
    const [a, b] = [await newMember(server, 2), await newMember(server, 1)]
    await sync(b.clone)
    const before = [await refsIn(a.clone), await refsIn(server)]
    expect(await sync(a.clone, { dryRun: true })).toEqual({
      remote: 'origin',
      pushed: [{ writer: await writerOf(a.clone), ops: 2, foreign: 0 }],
      fetched: [{ writer: await writerOf(b.clone), ops: undefined, foreign: 0 }],
      skipped: [],
    })
    expect([await refsIn(a.clone), await refsIn(server)]).toEqual(before)
  })
})

describe('a copied clone', () => {
  it('takes a new writer if the original published more than it has', async () => {
    const server = await newServer()
    const a = await newMember(server, 1)
    const copy = await copyOf(a)
    const writer = await writerOf(a.clone)
    const inA = await closeSome(a.ops, 1)
    const inCopy = await closeSome(copy.ops, 2)
    await sync(a.clone)
    const result = await sync(copy.clone)
    const renamed = await writerOf(copy.clone)
    expect(renamed).not.toBe(writer)
    expect(result).toMatchObject({
      newWriter: { from: writer, to: renamed },
      pushed: [{ writer: renamed, ops: 2 }],
      fetched: [{ writer, ops: 2 }],
    })
    expect(await published(server)).toEqual([...a.ids, ...inA, ...inCopy].toSorted())
    expect(
      (await refsIn(copy.clone, 'refs/kitty/ops/')).map((line) => line.split('/').at(-1)),
    ).toEqual([renamed])
    const more = await closeSome(copy.ops, 1)
    expect(await sync(copy.clone)).toMatchObject({ pushed: [{ writer: renamed, ops: 1 }] })
    expect(await sync(a.clone)).toMatchObject({
      pushed: [],
      fetched: [{ writer: renamed, ops: 4 }],
    })
    expect(await collected(a.clone)).toContain(more[0])
  })

  it('takes one after its first sync too, whichever of both syncs first', async () => {
    const server = await newServer()
    const a = await newMember(server, 1)
    await sync(a.clone)
    const copy = await copyOf(a)
    await closeSome(copy.ops, 1)
    await sync(copy.clone)
    await closeSome(a.ops, 1)
    const result = await sync(a.clone)
    expect(result.newWriter).toEqual({
      from: await writerOf(copy.clone),
      to: await writerOf(a.clone),
    })
    expect(await published(server)).toHaveLength(3)
    expect(await sync(copy.clone)).toMatchObject({ fetched: [{ ops: 2 }] })
  })
})

describe('a copied clone without Ops of its own', () => {
  it('gives the name back that the original uses, and publishes nothing twice', async () => {
    const server = await newServer()
    const a = await newMember(server, 1)
    const copy = await copyOf(a)
    await closeSome(a.ops, 1)
    await sync(a.clone)
    expect(await sync(copy.clone)).toMatchObject({
      newWriter: { from: await writerOf(a.clone) },
      pushed: [],
      fetched: [{ ops: 2 }],
      skipped: [],
    })
    expect(await sync(copy.clone)).toMatchObject({ pushed: [], fetched: [], skipped: [] })
    await closeSome(copy.ops, 1)
    expect(await sync(copy.clone)).toMatchObject({ pushed: [{ ops: 1 }], skipped: [] })
  })
})

describe.skipIf(process.platform === 'win32')('a sync over ssh', () => {
  // In place of ssh: runs the command for the server here.
  it('starts the command that the user chose', async () => {
    const server = await newServer()
    const a = await newMember(server, 1)
    const command = join(await tempFolder(), 'my-ssh')
    await writeFile(command, '#!/bin/sh\necho "$@" >> "$0.log"\nshift\neval "$*"\n', {
      mode: 0o755,
    })
    await a.clone.git('remote', 'set-url', 'origin', `ssh://host${server.path}`)
    await a.clone.git('config', 'core.sshCommand', command)
    expect(await sync(a.clone)).toMatchObject({ pushed: [{ ops: 1 }] })
    expect(await readFile(`${command}.log`, 'utf8')).toMatch(
      /git-upload-pack[\s\S]*git-receive-pack/,
    )
  })
})

describe('the progress of a sync', () => {
  it('names its steps, and counts objects', async () => {
    const server = await newServer()
    const [a, b] = [await newMember(server, 2), await newMember(server, 1)]
    await sync(b.clone)
    const seen: SyncProgress[] = []
    await sync(a.clone, { onProgress: (progress) => seen.push(progress) })
    expect(new Set(seen.map(({ step }) => step))).toEqual(new Set(['list', 'fetch', 'push']))
    expect(seen.findLast(({ step }) => step === 'push')).toEqual({
      step: 'push',
      done: expect.any(Number),
      total: expect.any(Number),
    })
  })
})

describe('a restored backup', () => {
  it('of the server gets again what it lost, from the clone that wrote it', async () => {
    const server = await newServer()
    const [a, b] = [await newMember(server, 1), await newMember(server, 1)]
    await sync(a.clone)
    const [old = ''] = await refsIn(server, 'refs/kitty/ops/')
    const [tip = '', ref = ''] = old.split(' ')
    await closeSome(a.ops, 1)
    await sync(a.clone)
    await sync(b.clone)
    await server.git('update-ref', ref, tip)
    expect(await sync(b.clone)).toMatchObject({ fetched: [], skipped: [{ ref, reason: 'older' }] })
    expect(await sync(a.clone)).toMatchObject({ pushed: [{ ops: 1 }], skipped: [] })
    expect(await sync(b.clone)).toMatchObject({ fetched: [], skipped: [] })
    await server.git('update-ref', '-d', ref)
    expect(await sync(a.clone)).toMatchObject({ pushed: [{ ops: 2 }] })
  })
})

describe('a sync that cannot be done', () => {
  it('names the code and changes nothing if the remote is gone', async () => {
    const server = await newServer()
    const a = await newMember(server, 1)
    await rm(server.path, { recursive: true })
    const before = await refsIn(a.clone)
    await expect(sync(a.clone)).rejects.toMatchObject({ code: 'SYNC_OFFLINE' })
    expect(await refsIn(a.clone)).toEqual(before)
  })

  it('takes a name of a remote, never an address', async () => {
    const server = await newServer()
    const a = await newMember(server, 1)
    for (const remote of [server.path, 'upstream', '', '--all', 'a b']) {
      await expect(sync(a.clone, { remote })).rejects.toMatchObject({ code: 'REMOTE_UNKNOWN' })
    }
    expect(await published(server)).toEqual([])
  })
})
