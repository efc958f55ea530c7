import type { ReportedOp } from '../src/page/reported.js'
import { spanText } from '../src/terminal/time.js'
import { costText, tokensText } from '../src/terminal/usage.js'
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

/** What the Ops used, if any of them reported it. */
const usedTiles = (ops: readonly ReportedOp[]): readonly HTMLElement[] => {
  const usages = ops.flatMap(({ usage }) => usage ?? [])
  if (usages.length === 0) return []
  const sum = (field: 'input_tokens' | 'output_tokens' | 'cost_usd') =>
    usages.reduce((all, usage) => all + (usage[field] ?? 0), 0)
  const tokens = `${tokensText(sum('input_tokens'))} in, ${tokensText(sum('output_tokens'))} out`
  return [tile('Used', costText(sum('cost_usd')), `${tokens}; reported by ${usages.length}`)]
}

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
    ...usedTiles(ops),
    tile('Median time', middle === undefined ? '–' : spanText(middle), longest(times)),
  )
}
