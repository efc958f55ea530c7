import { createHash } from 'node:crypto'
import type { CommitStrategy } from '../ports/commit-strategy.js'

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}

export type StrategyKey = { readonly strategy: string; readonly options: string }

/** What a mark remembers of a strategy, so that only an equal one commits the Op later. */
export const strategyKey = ({ name, options }: CommitStrategy): StrategyKey => ({
  strategy: name,
  options: createHash('sha256')
    .update(JSON.stringify(sorted(options ?? {})))
    .digest('hex')
    .slice(0, 16),
})

/** Whether a mark was made under this strategy, or an equal one. */
export const isMarkOf = (strategy: CommitStrategy, mark: StrategyKey): boolean => {
  const key = strategyKey(strategy)
  return mark.strategy === key.strategy && mark.options === key.options
}
