import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { NotClosedError } from '../../src/ops/run-op.js'
import { toAbsolute } from '../../src/project/paths.js'
import { put } from '../support/records.js'
import { codeOf, eventsAt, openStore, REQUEST } from '../support/store.js'
import { committing } from '../support/strategies.js'

const outcomes = async (ops: Awaited<ReturnType<typeof openStore>>) =>
  (await ops.list()).map(({ outcome }) => outcome)

describe('an Op around a function', () => {
  it('is done if it returns', async () => {
    const ops = await openStore({ strategy: committing() })
    const { value, completion } = await ops.run(REQUEST, (op) => op.id)
    expect(completion).toMatchObject({ id: value, commit: { status: 'committed' } })
    expect(await outcomes(ops)).toEqual(['done'])
  })

  it('failed if it throws, and the error is rethrown', async () => {
    const ops = await openStore()
    const error = new Error('no luck')
    await expect(ops.run(REQUEST, () => Promise.reject(error))).rejects.toBe(error)
    expect(await outcomes(ops)).toEqual(['failed'])
  })

  it('is abandoned if it was aborted', async () => {
    const ops = await openStore()
    const { signal } = { signal: AbortSignal.abort() }
    const work = async () => signal.throwIfAborted()
    await expect(ops.run(REQUEST, work)).rejects.toBe(signal.reason)
    expect(await outcomes(ops)).toEqual(['abandoned'])
  })

  it('throws both errors if closing it fails too', async () => {
    const ops = await openStore()
    const error = new Error('no luck')
    const both = await ops
      .run(REQUEST, async ({ path }) => {
        await writeFile(toAbsolute(ops.root, path), 'damage')
        throw error
      })
      .catch((thrown: unknown) => thrown)
    expect(both).toBeInstanceOf(AggregateError)
    expect(both).toMatchObject({ errors: [error, { code: 'RECORD_DAMAGED' }] })
  })

  it('keeps the return value if only closing it fails', async () => {
    const ops = await openStore()
    const run = ops.run(REQUEST, async ({ id }) => {
      await ops.complete(id, { outcome: 'abandoned' })
      return 42
    })
    const error = await run.catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(NotClosedError)
    const [op] = await ops.list()
    const about = { id: op?.invocation_id }
    expect(error).toMatchObject({ code: 'ALREADY_CLOSED', value: 42, about })
    expect(await outcomes(ops)).toEqual(['abandoned'])
  })

  it('is not run if the Op cannot be opened', async () => {
    const ops = await openStore()
    const work = () => expect.unreachable('it ran')
    expect(await codeOf(ops.run({ ...REQUEST, action: '' }, work))).toBe('REQUEST_INVALID')
  })
})

describe('the closing of an Op around a function', () => {
  it('has evidence, artifacts, commits and a reason', async () => {
    const ops = await openStore()
    await put(ops.root, 'report.txt', 'fine')
    const closing = {
      evidence: 'report.txt',
      artifacts: ['report.txt'],
      commits: ['abc1234'],
      reason: 'It was asked for.',
    }
    const { completion } = await ops.run(REQUEST, () => 42, { closing })
    const [, ...events] = await eventsAt(ops, completion.path)
    expect(events).toMatchObject([
      { event: 'artifact_link', ref: 'report.txt' },
      { event: 'commit_link', sha: 'abc1234' },
      { event: 'note', text: 'It was asked for.' },
      { event: 'completed', outcome: 'done', evidence_ref: expect.stringMatching(/report\.txt$/) },
    ])
  })

  it('can be made from the return value', async () => {
    const ops = await openStore()
    const { completion } = await ops.run(REQUEST, () => 42, {
      closing: async (value) => ({ reason: `It is ${value}.` }),
    })
    expect(await eventsAt(ops, completion.path)).toMatchObject([
      {},
      { text: 'It is 42.' },
      { event: 'completed' },
    ])
  })

  it('is only used if the function returns', async () => {
    const ops = await openStore()
    const error = new Error('no luck')
    const run = ops.run(REQUEST, () => Promise.reject(error), { closing: { evidence: 'missing' } })
    await expect(run).rejects.toBe(error)
    expect(await outcomes(ops)).toEqual(['failed'])
  })

  it('can be given by the function itself, with a reason why it failed', async () => {
    const ops = await openStore()
    const error = new Error('no luck')
    const run = ops.run(REQUEST, async ({ complete }) => {
      await complete({ outcome: 'failed', reason: 'The disk is full.' })
      throw error
    })
    await expect(run).rejects.toBe(error)
    const [op] = await ops.list()
    expect(await eventsAt(ops, op?.path ?? '')).toMatchObject([
      {},
      { text: 'The disk is full.' },
      { outcome: 'failed' },
    ])
  })

  it.each([
    ['is refused', { closing: { commits: ['no commit'] } }, 'CLOSING_INVALID'],
    ['cannot be made', { closing: () => Promise.reject(new Error('no idea')) }, 'NOT_CLOSED'],
  ])('that %s leaves the Op open and keeps the return value', async (_, options, code) => {
    const ops = await openStore()
    const run = ops.run(REQUEST, () => 42, options)
    const error = await run.catch((thrown: unknown) => thrown)
    const [op] = await ops.list()
    expect(op).toMatchObject({ status: 'open' })
    expect(error).toMatchObject({ code, value: 42, about: { id: op?.invocation_id } })
  })

  it('must be an object or a function', async () => {
    const ops = await openStore()
    const options: object = { closing: 'report.txt' }
    expect(await codeOf(ops.run(REQUEST, () => 42, options))).toBe('REQUEST_INVALID')
    expect(await ops.list()).toEqual([])
  })
})

describe('a signal', () => {
  const reason = new Error('The user has left.')

  it('that is aborted before the start opens no Op', async () => {
    const ops = await openStore()
    const work = () => expect.unreachable('it ran')
    const signal = AbortSignal.abort(reason)
    await expect(ops.run(REQUEST, work, { signal })).rejects.toBe(reason)
    expect(await ops.list()).toEqual([])
  })

  it('that is aborted while the Op is opened closes it; the function does not run', async () => {
    const ops = await openStore()
    const controller = new AbortController()
    const work = () => expect.unreachable('it ran')
    const run = ops.run(REQUEST, work, { signal: controller.signal })
    controller.abort(reason)
    await expect(run).rejects.toBe(reason)
    expect(await outcomes(ops)).toEqual(['abandoned'])
  })

  it('closes the Op of a function that never ends', async () => {
    const ops = await openStore()
    const controller = new AbortController()
    const work = () => {
      controller.abort(reason)
      return new Promise<never>(() => undefined)
    }
    await expect(ops.run(REQUEST, work, { signal: controller.signal })).rejects.toBe(reason)
    expect(await outcomes(ops)).toEqual(['abandoned'])
  })

  it('that is aborted by a timeout closes the Op as abandoned', async () => {
    const ops = await openStore()
    const signal = AbortSignal.timeout(20)
    const work = () => sleep(60_000, undefined, { signal, ref: false })
    const error = await ops.run(REQUEST, work, { signal }).catch((thrown: unknown) => thrown)
    expect(error).toBe(signal.reason)
    expect(error).toMatchObject({ name: 'TimeoutError' })
    expect(await outcomes(ops)).toEqual(['abandoned'])
  })

  it.each([
    ['returns', () => 42],
    ['throws', () => Promise.reject(new Error('too late'))],
  ])('wins over a function that then %s', async (_, end) => {
    const ops = await openStore()
    const controller = new AbortController()
    const work = async () => {
      controller.abort(reason)
      return end()
    }
    await expect(ops.run(REQUEST, work, { signal: controller.signal })).rejects.toBe(reason)
    expect(await outcomes(ops)).toEqual(['abandoned'])
  })

  it('has no effect once the function has returned', async () => {
    const ops = await openStore()
    const controller = new AbortController()
    const { signal } = controller
    await ops.run(REQUEST, () => 42, { signal })
    const closing = () => {
      controller.abort(reason)
      return {}
    }
    expect(await ops.run(REQUEST, () => 42, { signal, closing })).toMatchObject({ value: 42 })
    expect(await outcomes(ops)).toEqual(['done', 'done'])
  })

  it('that is not aborted leaves a failure a failure', async () => {
    const ops = await openStore()
    const error = new Error('no luck')
    const { signal } = new AbortController()
    await expect(ops.run(REQUEST, () => Promise.reject(error), { signal })).rejects.toBe(error)
    expect(await outcomes(ops)).toEqual(['failed'])
  })

  it('is rejected with both errors if closing fails', async () => {
    const ops = await openStore()
    const controller = new AbortController()
    const both = await ops
      .run(
        REQUEST,
        async ({ path }) => {
          await writeFile(toAbsolute(ops.root, path), 'damage')
          controller.abort(reason)
        },
        { signal: controller.signal },
      )
      .catch((thrown: unknown) => thrown)
    expect(both).toMatchObject({ errors: [reason, { code: 'RECORD_DAMAGED' }] })
  })
})
