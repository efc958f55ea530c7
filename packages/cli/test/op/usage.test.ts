import { newRepository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { costText, tokensText } from '../../src/terminal/usage.js'
import { jsonIn, openIn, runIn } from '../support/in-process.js'

const close = async (path: string, ...usage: readonly string[]) => {
  const id = await openIn(path)
  const flags = usage.flatMap((json) => ['--usage', json])
  return runIn(path, ['ops', 'complete', id, '--outcome', 'done', ...flags])
}

describe('--usage', () => {
  it('is summed in lists, and shown with its Op', async () => {
    const { path } = await newRepository()
    await close(path, '{"model":"large-1","input_tokens":1200,"output_tokens":340,"cost_usd":0.02}')
    await close(path, '[{"input_tokens":1},{"input_tokens":2}]', '{"cost_usd":1.5}')
    await close(path)
    const { json } = await jsonIn(path, ['ops', 'list'])
    expect(json).toMatchObject({
      usage: { input_tokens: 1203, output_tokens: 340, cost_usd: 1.52, models: ['large-1'] },
      ops: [{}, { usage: { input_tokens: 3, cost_usd: 1.5 } }, {}],
    })
    const { stdout } = await runIn(path, ['ops', 'list', '--columns', 'input,output,cost'])
    expect(stdout.split('\n').map((line) => line.trim().split(/ +/))).toEqual([
      ['INPUT', 'OUTPUT', 'COST'],
      ['-', '-', '-'],
      ['3', '-', '$1.50'],
      ['1.2k', '340', '$0.02'],
      expect.anything(),
      [''],
    ])
    expect(stdout).toContain('Used: 1.2k tokens in, 340 out, $1.52 (reported by 2 of 3)')
    const csv = await runIn(path, ['ops', 'list', '--columns', 'cost,input', '--csv'])
    expect(csv.stdout).toBe('cost_usd,input_tokens\r\n,\r\n1.5,3\r\n0.02,1200\r\n')
    const first = (json as { ops: { invocation_id: string }[] }).ops[2]?.invocation_id ?? ''
    const show = await runIn(path, ['ops', 'show', first])
    expect(show.stdout).toContain('usage   large-1: 1.2k tokens in, 340 out, $0.02')
  })

  it('is refused if it is no usage, and the Op stays open', async () => {
    const { path } = await newRepository()
    const answers = await Promise.all(
      ['many', '7', '[[]]', 'null', '{"input_tokens":-1}', '{}'].map((json) => close(path, json)),
    )
    expect(answers.map(({ status }) => status)).toEqual([2, 2, 2, 2, 2, 2])
    for (const { stderr } of answers) expect(stderr).toMatch(/usage|tokens|must have/)
    const { json } = await jsonIn(path, ['ops', 'list', '--status', 'closed'])
    expect(json).toEqual({ ops: [] })
  })

  it('is off unless given: nothing of it is in a list', async () => {
    const { path } = await newRepository()
    await close(path)
    expect((await runIn(path, ['ops', 'list'])).stdout).not.toContain('Used')
    expect(JSON.stringify((await jsonIn(path, ['ops', 'list'])).json)).not.toContain('usage')
  })
})

it('amounts are short', () => {
  expect([0, 999, 1000, 12_345, 999_949, 999_960, 2_500_000_000].map(tokensText)).toEqual([
    '0',
    '999',
    '1.0k',
    '12.3k',
    '999.9k',
    '1.0M',
    '2.5G',
  ])
  expect([0, 0.0123, 0.1, 12.345].map(costText)).toEqual(['$0.00', '$0.012', '$0.10', '$12.35'])
})
