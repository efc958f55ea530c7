import { createHash } from 'node:crypto'
import type { OpId } from '@kitty/record'
import * as z from 'zod/mini'
import type { Durability } from '../fs/durability.js'
import { livenessOf, selfOwner } from '../lock/owner.js'
import type { CommitResult, CommitStrategy } from '../ports/commit-strategy.js'

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}

type StrategyKey = { readonly strategy: string; readonly options: string }

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

/**
 * The mark that a close has begun. One file is three things: the lock against a second closer, the
 * write-ahead intent (it holds the record as it will be once closed), and the entry in the queue of
 * Ops to commit. It is made before the record is touched and removed once the Op is committed.
 */
export type Mark = {
  readonly invocation_id: OpId
  /** Who is closing it and waits for the result; empty when nobody is. */
  readonly owner: string
  /** When the owner took it, in milliseconds since 1970. */
  readonly at: number
  /** The last owner that died with it, since when: that one may have left a lock of git. */
  readonly died?: { readonly owner: string; readonly at: number }
  /** The strategy it was closed under, by name and digest of its options: see `strategyKey`. */
  readonly strategy: string
  readonly options: string
  readonly durability: Durability
  /** What else belongs to the commit, relative to the root. */
  readonly evidence: readonly string[]
  /** What the last try to commit it came to. */
  readonly result?: CommitResult
  /** The whole closed record. */
  readonly bytes: Buffer
}

/** The same mark for somebody else to take, who its last owner was if that one has died. */
export const takenOver = (mark: Mark): Mark =>
  mark.owner !== '' && livenessOf(mark.owner) === 'dead'
    ? { ...mark, died: { owner: mark.owner, at: mark.at } }
    : mark

const Header = z.object({
  owner: z.string(),
  at: z.number(),
  died: z.optional(z.object({ owner: z.string(), at: z.number() })),
  strategy: z.string(),
  options: z.string(),
  durability: z.enum(['power', 'process']),
  evidence: z.array(z.string()),
  length: z.number(),
  result: z.optional(z.custom<CommitResult>((value) => typeof value === 'object')),
})

/** A mark as a file: one line of JSON, then the closed record. */
export const encodeMark = ({ invocation_id: _, bytes, ...header }: Mark): Buffer =>
  Buffer.concat([Buffer.from(`${JSON.stringify({ ...header, length: bytes.length })}\n`), bytes])

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Undefined for a mark whose writing was cut off: nothing had been done to the record then. */
export const decodeMark = (id: OpId, file: Buffer): Mark | undefined => {
  const end = file.indexOf('\n')
  const header = Header.safeParse(parseJson(file.toString('utf8', 0, Math.max(end, 0))))
  const bytes = file.subarray(end + 1)
  if (!header.success || bytes.length !== header.data.length) return undefined
  const { length: _, result, died, ...rest } = header.data
  return { invocation_id: id, ...rest, ...(died && { died }), ...(result && { result }), bytes }
}

/** The mark of a close by this process, under this store's strategy. */
export const newMark = (
  store: { readonly strategy: CommitStrategy; readonly durability: Durability },
  id: OpId,
  bytes: Buffer,
  evidence: readonly string[],
): Mark => ({
  invocation_id: id,
  owner: selfOwner(),
  at: Date.now(),
  ...strategyKey(store.strategy),
  durability: store.durability,
  evidence,
  bytes,
})
