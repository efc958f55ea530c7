import { parseOpId } from '@kitty/record'
import { describe, expect, it } from 'vitest'
import type { CommitResult, CommitStrategy } from '../../src/ports/commit-strategy.js'
import { codeOf, DONE, intentOf, openIn, openStore, REQUEST } from '../support/store.js'
import { always, answering, committing, NEVER, NOT_NOW } from '../support/strategies.js'

const closeOne = async (strategy: CommitStrategy) => {
  const ops = await openStore({ strategy })
  const { id } = await ops.start(REQUEST)
  const completion = await ops.complete(id, DONE)
  return { ops, id, commit: completion.commit }
}

const FAILED: CommitResult = { status: 'failed', code: 'GIT_FAILED', message: 'no', exit_code: 128 }

describe('a custom strategy', () => {
  it.each([[NOT_NOW], [NEVER], [FAILED], [{ status: 'skipped', reason: 'disabled' } as const]])(
    'that returns %o leaves the Op closed and pending, with the reason',
    async (answer) => {
      const { ops, id, commit } = await closeOne(always(answer))
      expect(commit).toEqual(answer)
      expect((await ops.read(id)).record.status).toBe('closed')
      const intent = await intentOf(ops, id)
      expect(intent).toMatchObject({ result: answer })
      expect(intent).not.toHaveProperty('owner')
      expect(await ops.startNote(id)).toBeDefined()
    },
  )

  it.each([
    ['threw: Error: oh no', () => Promise.reject(new Error('oh no'))],
    ['returned a list of 0 for 1, not a result for each request', () => []],
    ['returned a result without a known status', () => [JSON.parse('null')]],
    ['returned a result without a known status', () => [JSON.parse('{"status":"perhaps"}')]],
    ['returned "committed" without sha', () => [JSON.parse('{"status":"committed"}')]],
    [
      'returned "deferred" without message',
      () => [JSON.parse('{"status":"deferred","reason":"x"}')],
    ],
    ['threw: TypeError', () => JSON.parse('null')],
  ])('that is broken (%s) fails the commit, not the close', async (what, answer) => {
    const { ops, id, commit } = await closeOne(answering(answer))
    expect(commit).toMatchObject({ status: 'failed', code: 'STRATEGY_BROKEN' })
    expect(commit).toHaveProperty('message', expect.stringContaining(what))
    expect(await ops.pending()).toMatchObject([{ id }])
  })

  it.each(['{}', '"git"', '{"name":"x"}', '{"name":"x","commit":1}'])(
    'is refused before anything is opened, if it is none: %s',
    async (text) => {
      expect(await codeOf(openStore({ strategy: JSON.parse(text) }))).toBe('STRATEGY_INVALID')
    },
  )

  it('is refused without a name: what it should commit would wait for a strategy that is never found', async () => {
    const strategy = { ...JSON.parse('{}'), commit: async () => [] }
    expect(await codeOf(openStore({ strategy }))).toBe('STRATEGY_INVALID')
  })

  it('returns its own result for each Op of a batch', async () => {
    const strategy = answering((requests) =>
      requests.map((request) =>
        request.message.includes(': one [') ? NEVER : { status: 'committed', sha: 'a' },
      ),
    )
    const ops = await openStore({ strategy })
    const [one, two] = await Promise.all([
      ops.start({ ...REQUEST, action: 'one' }),
      ops.start({ ...REQUEST, action: 'two' }),
    ])
    const closed = [one, two].map(({ id }) => ops.complete(id, DONE))
    const [first, second] = await Promise.all(closed)
    expect(first?.commit).toEqual(NEVER)
    expect(second?.commit).toEqual({ status: 'committed', sha: 'a' })
    expect(await ops.pending()).toMatchObject([{ id: one.id }])
  })

  it('gets Ops that were closed at once in one batch', async () => {
    const strategy = committing()
    const ops = await openStore({ strategy })
    const started = await Promise.all(Array.from({ length: 30 }, () => ops.start(REQUEST)))
    await Promise.all(started.map(({ id }) => ops.complete(id, DONE)))
    expect(strategy.calls.flat().sort()).toEqual(started.map((op) => op.id).sort())
    expect(strategy.calls.length).toBeLessThan(10)
  })

  it('that hangs delays other closers no longer than the time limit', async () => {
    const gate: { open?: () => void } = {}
    const hanging = answering(async (requests) => {
      await new Promise<void>((resolve) => {
        gate.open = resolve
      })
      return requests.map(() => ({ status: 'committed', sha: 'late' }))
    })
    const ops = await openStore({ strategy: hanging, lockTimeoutMs: 60 })
    const other = await openIn(ops.root, { strategy: committing(), lockTimeoutMs: 60 })
    const first = ops.complete((await ops.start(REQUEST)).id, DONE)
    await expect.poll(() => hanging.calls.length).toBe(1)
    for (const store of [ops, other]) {
      const { commit } = await store.complete((await store.start(REQUEST)).id, DONE)
      expect(commit).toMatchObject({ status: 'deferred', reason: 'lock-timeout' })
    }
    expect([...(await other.flush()).values()]).toMatchObject(Array(3).fill({ status: 'deferred' }))
    gate.open?.()
    expect((await first).commit).toEqual({ status: 'committed', sha: 'late' })
    const free = await openIn(ops.root, { strategy: committing() })
    await free.complete((await free.start(REQUEST)).id, DONE)
    expect(await free.pending()).toEqual([])
  })
})

describe('an equal strategy', () => {
  const pendingUnder = async (more: Parameters<typeof committing>[0]) => {
    const { name = 'mine', options = {} } = more ?? {}
    const ops = await openStore({ strategy: { ...always(NOT_NOW), name, options } })
    await ops.complete((await ops.start(REQUEST)).id, DONE)
    return ops.root
  }

  const handedTo = async (root: string, strategy: ReturnType<typeof committing>) => {
    const ops = await openIn(root, { strategy })
    await ops.complete((await ops.start(REQUEST)).id, DONE)
    return strategy.calls[0]?.length
  }

  it('has the same name and the same options, in any order', async () => {
    const root = await pendingUnder({ options: { a: 1, b: [{ c: 2, d: null }] } })
    const strategy = committing({ options: { b: [{ d: null, c: 2 }], a: 1 } })
    expect(await handedTo(root, strategy)).toBe(2)
  })

  it.each([{ name: 'other' }, { options: { destination: 'main' } }, { options: { a: [1, 2] } }])(
    'is not %o, which leaves the Op pending, even on request',
    async (more) => {
      const root = await pendingUnder({ options: { a: [2, 1] } })
      const strategy = committing(more)
      expect(await handedTo(root, strategy)).toBe(1)
      const ops = await openIn(root, { strategy })
      const [intent] = await ops.pending()
      if (intent === undefined) return expect.unreachable('nothing is pending')
      expect(await ops.commitClosed(intent.id)).toMatchObject({
        reason: 'other-strategy',
      })
      await ops.flush({ allStrategies: true })
      expect(await ops.pending()).toEqual([])
    },
  )

  it('never commits an open Op, not even when asked to', async () => {
    const strategy = committing()
    const ops = await openStore({ strategy })
    const { id } = await ops.start(REQUEST)
    expect(await ops.commitClosed(id)).toMatchObject({ code: 'OPEN_RECORD' })
    expect(await codeOf(ops.commitClosed(parseOpId('01ARZ3NDEKTSV4RRFFQ69G5FAV')))).toBe(
      'OP_NOT_FOUND',
    )
    expect(strategy.calls).toEqual([])
  })
})
