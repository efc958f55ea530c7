import { describe, expect, it } from 'vitest'
import { rowsInOrder } from '../../report-page/row-order.js'
import type { ReportedOp } from '../../src/page/reported.js'

const [ONE, TWO] = ['01K6ZP4W3M8Q2V5X7Y9A111111', '01K6ZP4W3M8Q2V5X7Y9A222222']

const op = (from: number, fields: Partial<ReportedOp>): ReportedOp => ({
  id: String(from),
  outcome: 'done',
  profile: 'generic',
  action: 'do',
  request: '',
  from,
  path: '',
  ...fields,
})

describe('the rows of the timeline', () => {
  // In time, the missions and the Ops without one take turns.
  const ops = [
    op(1, { mission: ONE, wp: 'WP01', actor: 'ada' }),
    op(2, { mission: TWO, wp: 'WP01' }),
    op(3, {}),
    op(4, { mission: ONE, wp: 'WP02', actor: 'ada' }),
    op(5, { mission: TWO, wp: 'WP02' }),
    op(6, { wp: 'WP09' }),
    op(7, { mission: ONE, actor: 'unknown' }),
    op(8, { mission: TWO, wp: 'WP01' }),
    op(0, { mission: ONE }),
  ]
  const rows = (kind: Parameters<typeof rowsInOrder>[1], some = ops) =>
    rowsInOrder(some, kind).map((row) => [row.name, row.ops.map(({ from }) => from)])

  it('are together for each mission, with the latest on top', () => {
    const expected = [
      ['…222222 · WP01', [2, 8]],
      ['…222222 · WP02', [5]],
      ['…111111', [7]],
      ['…111111 · WP02', [4]],
      ['…111111 · WP01', [1]],
      ['WP09', [6]],
      ['no mission', [3]],
    ]
    expect(rows('mission')).toEqual(expected)
    expect(rows('mission', ops.toReversed())).toEqual(expected)
  })

  it('keep two missions apart whose ids end alike', () => {
    const other = `01K7${TWO.slice(4)}`
    const some = [op(1, { mission: TWO }), op(2, { mission: other })]
    expect(rows('mission', some)).toEqual([
      ['…222222', [2]],
      ['…222222', [1]],
    ])
  })

  it('are sorted by their latest Op for an actor or a profile', () => {
    expect(rows('actor')).toEqual([
      ['unknown', [2, 3, 5, 6, 7, 8]],
      ['ada', [1, 4]],
    ])
    expect(rows('profile')).toEqual([['generic', [1, 2, 3, 4, 5, 6, 7, 8]]])
  })
})
