// The close intent: one file in the state folder, `pending/<op>`, from step 1 of a close to step 8. The numbers are
// those of the table in docs/durability.md.
//
// It is three things at once. As a lock, it keeps a second closer out: creating it is exclusive. As a write-ahead
// intent, it holds the whole closed record, so that whoever finds it can finish step 2. As a queue entry, it names
// the strategy, the evidence and the durability that its commit needs, and later the result of the last attempt.
//
//   1  created with an owner      the owner closes the Op, and waits for the result
//   3  found by a batch           a live owner that has not finished step 2 is left alone
//   8  removed                    the Op is committed, or HEAD holds another closed version of it
//      replaced without an owner  the Op stays pending, with the reason; the next batch tries again
//
// A crash after 1, 2 or 3 leaves an intent with a dead owner: the next batch replays it (state/replay-intent.ts).
// A crash while the intent is written leaves a file shorter than its header says: it counts as none, since the record
// was not touched yet. A crash in 8 leaves an intent for a committed Op, which the next batch finds in a commit.
//
// Limits: the file lies in the state folder of the work tree and is the only second copy of an uncommitted record.
// An owner that cannot be checked (another host or container) counts as alive for ten minutes (lock/owner.ts).

import { createHash } from 'node:crypto'
import type { OpId } from '@kitty/record'
import * as z from 'zod/mini'
import type { Durability } from '../fs/durability.js'
import { ownerLiveness, selfOwner } from '../lock/owner.js'
import type { CommitResult, CommitStrategy } from '../ports/commit-strategy.js'

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}

type StrategyFingerprint = { readonly strategy: string; readonly options: string }

/** What a mark remembers of a strategy, so that only an equal one commits the Op later. */
export const strategyFingerprint = ({ name, options }: CommitStrategy): StrategyFingerprint => ({
  strategy: name,
  options: createHash('sha256')
    .update(JSON.stringify(sorted(options ?? {})))
    .digest('hex')
    .slice(0, 16),
})

/** Whether a mark was made under this strategy, or an equal one. */
export const isSameStrategy = (strategy: CommitStrategy, intent: StrategyFingerprint): boolean => {
  const key = strategyFingerprint(strategy)
  return intent.strategy === key.strategy && intent.options === key.options
}

/**
 * The mark that a close has begun. One file is three things: the lock against a second closer, the
 * write-ahead intent (it holds the record as it will be once closed), and the entry in the queue of
 * Ops to commit. It is made before the record is touched and removed once the Op is committed.
 */
export type CloseIntent = {
  readonly invocation_id: OpId
  /** Who is closing it and waits for the result; empty when nobody is. */
  readonly owner: string
  /** When the owner took it, in milliseconds since 1970. */
  readonly ownedSince: number
  /** The last owner, if it died holding the intent: it may have left a lock of git behind. */
  readonly previousOwner?: { readonly owner: string; readonly ownedSince: number }
  /** The strategy it was closed under, by name and digest of its options: see `strategyFingerprint`. */
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
export const withPreviousOwner = (intent: CloseIntent): CloseIntent =>
  intent.owner !== '' && ownerLiveness(intent.owner) === 'dead'
    ? { ...intent, previousOwner: { owner: intent.owner, ownedSince: intent.ownedSince } }
    : intent

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

/** Encodes an intent as a file: one line of JSON, then the closed record. */
export const encodeIntent = (intent: CloseIntent): Buffer => {
  const { invocation_id: _, owner, ownedSince, previousOwner, result, bytes, ...rest } = intent
  const died = previousOwner && { owner: previousOwner.owner, at: previousOwner.ownedSince }
  const header = { owner, at: ownedSince, ...rest, died, result, length: bytes.length }
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), bytes])
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Undefined for a mark whose writing was cut off: nothing had been done to the record then. */
export const decodeIntent = (id: OpId, file: Buffer): CloseIntent | undefined => {
  const end = file.indexOf('\n')
  const header = Header.safeParse(parseJson(file.toString('utf8', 0, Math.max(end, 0))))
  const bytes = file.subarray(end + 1)
  if (!header.success || bytes.length !== header.data.length) return undefined
  const { length: _, at: ownedSince, result, died, ...rest } = header.data
  const previousOwner = died && { owner: died.owner, ownedSince: died.at }
  return {
    invocation_id: id,
    ownedSince,
    ...rest,
    ...(previousOwner && { previousOwner }),
    ...(result && { result }),
    bytes,
  }
}

/** Creates the intent of a close by this process, under this store's strategy. */
export const newIntent = (
  store: { readonly strategy: CommitStrategy; readonly durability: Durability },
  id: OpId,
  bytes: Buffer,
  evidence: readonly string[],
): CloseIntent => ({
  invocation_id: id,
  owner: selfOwner(),
  ownedSince: Date.now(),
  ...strategyFingerprint(store.strategy),
  durability: store.durability,
  evidence,
  bytes,
})
