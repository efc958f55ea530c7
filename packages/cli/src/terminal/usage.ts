import type { Usage } from '@kitty/record'

const UNITS = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const

/** A number of tokens, short: 950, 12.3k, 4.5M. */
export const tokensText = (tokens: number): string => {
  // 999,950 is rounded to 1.0M.
  const [unit, sign] = UNITS.find(([least]) => tokens >= least * 0.99995) ?? [1, '']
  return unit === 1 ? `${tokens}` : `${(tokens / unit).toFixed(1)}${sign}`
}

/** A cost in US dollars, with the digits that a small one needs. */
export const costText = (usd: number): string =>
  usd > 0 && usd < 0.1 ? `$${Number(usd.toPrecision(2))}` : `$${usd.toFixed(2)}`

/** What was used, in one line; empty if no amount is known. */
export const usageText = ({ input_tokens, output_tokens, cost_usd }: Usage): string =>
  [
    ...(input_tokens === undefined ? [] : [`${tokensText(input_tokens)} tokens in`]),
    ...(output_tokens === undefined ? [] : [`${tokensText(output_tokens)} out`]),
    ...(cost_usd === undefined ? [] : [costText(cost_usd)]),
  ].join(', ')
