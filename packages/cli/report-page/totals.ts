import type { ReportedOp } from '../src/page/reported.js'
import { spanText } from '../src/terminal/time.js'
import { median, OUTCOMES, tookMs } from './data.js'
import { make, place } from './dom.js'
import { percentText } from './words.js'

const NUMBER = new Intl.NumberFormat()

const tile = (name: string, value: string, more: string, kind = ''): HTMLElement =>
  make(
    'div',
    { class: `tile ${kind}` },
    make('dt', {}, name),
    make('dd', {}, make('strong', {}, value), make('span', { class: 'quiet' }, more)),
  )

const longest = (times: readonly number[]): string =>
  times.length === 0 ? '' : `longest ${spanText(times.reduce((a, b) => Math.max(a, b)))}`

/** Shows the totals. An outcome that no Op has is left out, except the usual ones. */
export const showTotals = (ops: readonly ReportedOp[]): void => {
  const times = ops.flatMap((op) => tookMs(op) ?? [])
  const middle = median(times)
  const counted = OUTCOMES.map(({ name, sign }) => ({
    name,
    sign,
    count: ops.filter(({ outcome }) => outcome === name).length,
  }))
  const usual = counted.filter(({ name, count }) => count > 0 || name !== 'unknown')
  place('totals', HTMLElement).replaceChildren(
    tile('Ops', NUMBER.format(ops.length), ''),
    ...usual.map(({ name, sign, count }) =>
      tile(
        `${sign} ${name}`,
        NUMBER.format(count),
        percentText(count, ops.length),
        `outcome ${name}`,
      ),
    ),
    tile('Median time', middle === undefined ? '–' : spanText(middle), longest(times)),
  )
}
