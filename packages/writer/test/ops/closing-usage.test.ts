import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tempFolder } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import { openOps } from '../../src/index.js'

const REQUEST = { profile_id: 'debugger-debbie', action: 'do', request_text: 'Fix it' }

it('records what an Op used in the one write of its close, before completed', async () => {
  const ops = await openOps({ root: await tempFolder() })
  const op = await ops.start(REQUEST)
  const usage = [
    { model: 'large-1', input_tokens: 1200, output_tokens: 340, cost_usd: 0.02 },
    { model: 'small-1', input_tokens: 5 },
  ]
  const { path, record } = await op.complete({ outcome: 'done', usage })
  expect(record.problems).toEqual([])
  const names = (await readFile(join(ops.root, path), 'utf8')).match(/"event":"\w+"/g)
  expect(names).toEqual(
    ['started', 'usage', 'usage', 'completed'].map((name) => `"event":"${name}"`),
  )
  expect((await ops.list())[0]?.usage).toEqual({
    input_tokens: 1205,
    output_tokens: 340,
    cost_usd: 0.02,
    models: ['large-1', 'small-1'],
  })
  expect((await op.complete({ outcome: 'done', usage: usage[0] })).already).toBe(true)
  await expect(op.complete({ outcome: 'done', usage: { input_tokens: 1 } })).rejects.toMatchObject({
    code: 'ALREADY_CLOSED',
  })
})

it.each([
  ['an amount below zero', { input_tokens: -1 }],
  ['nothing', {}],
  ['an unknown field', { input_tokens: 1, tokens: 2 }],
  ['no object', 'lots'],
  ['a null', null],
  ['another Op', { input_tokens: 1, event: 'completed', invocation_id: 'x' }],
])('refuses %s, and the Op stays open', async (what, usage) => {
  const ops = await openOps({ root: await tempFolder() })
  const op = await ops.start(REQUEST)
  const closing: object = { outcome: 'done', usage }
  const close = ops.complete(op.id, closing as never)
  if (what === 'another Op') {
    // These fields are always those of this Op.
    expect((await close).record.events[1]).toMatchObject({ event: 'usage', invocation_id: op.id })
    return
  }
  await expect(close).rejects.toMatchObject({ code: 'CLOSING_INVALID' })
  expect((await ops.read(op.id)).record.status).toBe('open')
})
