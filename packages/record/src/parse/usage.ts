import type { OpRecord } from './op-record.js'

/** What an Op used, or several Ops together: the sums of what was reported; absent if nothing was. A wire type. */
export type Usage = {
  readonly input_tokens?: number
  readonly output_tokens?: number
  /** In US dollars. */
  readonly cost_usd?: number
  /** The time that models took, in milliseconds. */
  readonly duration_ms?: number
  /** The models, each once. */
  readonly models?: readonly string[]
}

/** What one event reports. */
type Reported = Omit<Usage, 'models'> & { readonly model?: string }

const SUMMED = ['input_tokens', 'output_tokens', 'cost_usd', 'duration_ms'] as const

/** Binary fractions add up to odd decimals. */
const rounded = (sum: number): number => Math.round(sum * 1e9) / 1e9

const sumOf = (values: readonly (number | undefined)[]): number | undefined => {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? undefined : rounded(known.reduce((sum, value) => sum + value, 0))
}

/** Adds up usages. Returns `undefined` if there are none. */
export function addUsages(usages: readonly Usage[]): Usage | undefined {
  if (usages.length === 0) return undefined
  const models = [...new Set(usages.flatMap((usage) => usage.models ?? []))]
  const sums = SUMMED.flatMap((field) => {
    const sum = sumOf(usages.map((usage) => usage[field]))
    return sum === undefined ? [] : [[field, sum]]
  })
  return { ...Object.fromEntries(sums), ...(models.length > 0 && { models }) }
}

/** The sum of what an Op used, or `undefined` if nothing was reported. */
export function usageOf({ events }: OpRecord): Usage | undefined {
  return addUsages(
    events.flatMap((event) => {
      if (event.event !== 'usage') return []
      const { model, ...used }: Reported = event
      return [{ ...used, ...(model !== undefined && { models: [model] }) }]
    }),
  )
}
