import { writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { NotClosedError } from '../../src/ops/run-op.js'
import { toAbsolute } from '../../src/project/paths.js'
import { codeOf, openStore, REQUEST } from '../support/store.js'
import { committing } from '../support/strategies.js'

const outcomes = async (ops: Awaited<ReturnType<typeof openStore>>) =>
  (await ops.list()).map(({ outcome }) => outcome)

describe('an Op around a function', () => {
  it('is done if it returns', async () => {
    const ops = await openStore({ strategy: committing() })
    const { value, completion } = await ops.run(REQUEST, (op) => op.invocation_id)
    expect(completion).toMatchObject({ invocation_id: value, commit: { status: 'committed' } })
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
    const run = ops.run(REQUEST, async ({ invocation_id }) => {
      await ops.complete(invocation_id, { outcome: 'abandoned' })
      return 42
    })
    const error = await run.catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(NotClosedError)
    expect(error).toMatchObject({ code: 'ALREADY_CLOSED', value: 42 })
    expect(await outcomes(ops)).toEqual(['abandoned'])
  })

  it('is not run if the Op cannot be opened', async () => {
    const ops = await openStore()
    const work = () => expect.unreachable('it ran')
    expect(await codeOf(ops.run({ ...REQUEST, action: '' }, work))).toBe('REQUEST_INVALID')
  })
})
