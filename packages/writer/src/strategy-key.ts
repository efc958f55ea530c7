import { createHash } from 'node:crypto'
import type { CommitStrategy } from './commit-strategy.js'

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}

/** What a mark remembers of a strategy, so that only an equal one commits the Op later. */
export const strategyKey = ({
  name,
  options,
}: CommitStrategy): { strategy: string; options: string } => ({
  strategy: name,
  options: createHash('sha256')
    .update(JSON.stringify(sorted(options ?? {})))
    .digest('hex')
    .slice(0, 16),
})
