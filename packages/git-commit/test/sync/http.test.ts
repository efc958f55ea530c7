import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { hasHttp, serveHttp } from '../support/http-server.js'
import { writerOf } from '../support/ledger.js'
import {
  cloneFrom,
  closeSome,
  collected,
  newMember,
  newServer,
  published,
  refsIn,
  sync,
} from '../support/sync.js'

// A git without its HTTP program, as some minimal packages have it.
const canHttp = await hasHttp()

describe.skipIf(!canHttp)('a sync over HTTP', () => {
  it('publishes the ledgers of two clones, and a late one gets both', async () => {
    const server = await newServer()
    const { url } = await serveHttp(server)
    const [a, b] = [await newMember(server, 2, url), await newMember(server, 1, url)]
    await sync(a.clone)
    expect(await sync(b.clone)).toMatchObject({ pushed: [{ ops: 1 }], fetched: [{ ops: 2 }] })
    const late = await cloneFrom(server, url)
    await sync(late)
    expect(await collected(late)).toEqual([...a.ids, ...b.ids].toSorted())
  })

  it('asks once if nothing is new', async () => {
    const server = await newServer()
    const { url, requests } = await serveHttp(server)
    const a = await newMember(server, 1, url)
    await sync(a.clone)
    requests.splice(0)
    await sync(a.clone)
    expect(requests.filter((each) => each.startsWith('GET'))).toHaveLength(1)
    expect(requests.join()).not.toContain('receive-pack')
  })

  it('prompts for nothing without a terminal, and says that it has no access', async () => {
    const server = await newServer()
    const { url, behaviour } = await serveHttp(server)
    const a = await newMember(server, 1, url)
    behaviour.credentials = 'ursula:secret'
    await expect(sync(a.clone)).rejects.toMatchObject({
      code: 'SYNC_NO_ACCESS',
      hint: expect.stringContaining('git fetch'),
    })
    const helper = join(await tempFolder(), 'helper')
    await writeFile(helper, '#!/bin/sh\necho username=ursula\necho password=secret\n', {
      mode: 0o755,
    })
    await a.clone.git('config', 'credential.helper', helper.replaceAll('\\', '/'))
    expect(await sync(a.clone)).toMatchObject({ pushed: [{ ops: 1 }] })
  })

  it('follows url.insteadOf, and never says a password', async () => {
    const server = await newServer()
    const { url, behaviour } = await serveHttp(server)
    const a = await newMember(server, 1)
    await a.clone.git('remote', 'set-url', 'origin', 'team:server.git')
    await a.clone.git('config', `url.${url.replace('server.git', '')}.insteadOf`, 'team:')
    expect(await sync(a.clone)).toMatchObject({ pushed: [{ ops: 1 }] })
    behaviour.credentials = 'ursula:other'
    const secret = url.replace('://', '://ursula:pass-word@')
    await a.clone.git('remote', 'set-url', 'origin', secret)
    const error = await sync(a.clone).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'SYNC_NO_ACCESS' })
    expect(JSON.stringify(error)).not.toContain('pass-word')
  })
})

describe.skipIf(!canHttp)('a connection that breaks', () => {
  it('while the server sends changes nothing, and the next sync fetches all', async () => {
    const server = await newServer()
    const { url, behaviour } = await serveHttp(server)
    const [a, b] = [await newMember(server, 3, url), await newMember(server, 1, url)]
    expect(await sync(a.clone)).toMatchObject({ pushed: [{ ops: 3 }] })
    const before = await refsIn(b.clone)
    behaviour.breakAnswer = { path: 'git-upload-pack', after: 600 }
    const result = await sync(b.clone).catch((thrown: unknown) => thrown)
    expect(['SYNC_BROKEN_OFF', 'SYNC_OFFLINE', undefined]).toContain(
      Reflect.get(Object(result), 'code'),
    )
    expect(await refsIn(b.clone)).toEqual(before)
    behaviour.breakAnswer = undefined
    expect(await sync(b.clone)).toMatchObject({ fetched: [{ ops: 3 }], skipped: [] })
  })

  it('while it receives publishes nothing or everything, and the next sync sends the rest', async () => {
    const server = await newServer()
    const { url, behaviour } = await serveHttp(server)
    const a = await newMember(server, 3, url)
    behaviour.breakRequest = { path: 'git-receive-pack', after: 300 }
    const ref = `refs/kitty/ops/${await writerOf(a.clone)}`
    expect(await sync(a.clone)).toMatchObject({
      pushed: [],
      skipped: [{ ref, reason: 'broken-off' }],
    })
    expect(await published(server)).toEqual([])
    behaviour.breakRequest = undefined
    expect(await sync(a.clone)).toMatchObject({ pushed: [{ ops: 3 }], skipped: [] })
  })

  it('with a server that falls silent ends in time', async () => {
    const server = await newServer()
    const { url, behaviour } = await serveHttp(server)
    const a = await newMember(server, 1, url)
    behaviour.silent = 'info/refs'
    await expect(sync(a.clone, { stallMs: 500 })).rejects.toMatchObject({ code: 'SYNC_TIMED_OUT' })
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 300)
    const interrupted = sync(a.clone, { signal: controller.signal })
    await expect(interrupted).rejects.toMatchObject({ code: 'SYNC_INTERRUPTED' })
    behaviour.silent = undefined
    await closeSome(a.ops, 1)
    expect(await sync(a.clone)).toMatchObject({ pushed: [{ ops: 2 }] })
  })
})
