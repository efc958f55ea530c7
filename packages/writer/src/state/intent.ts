// The close intent: one file in the state folder, `pending/<op>`, from step 1 of a close to step 8. The numbers are
// those of the table in docs/durability.md.
//
// It is three things at once. As a lock, it keeps a second closer out: creating it is exclusive. As a write-ahead
// intent, it holds the whole closed record, so that the process that finds it can finish step 2. As a queue entry, it names
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
import { dirname } from 'node:path/posix'
import type { OpId } from '@kitty/record'
import type { Durability } from '../fs/durability.js'
import { ownerLiveness, selfOwner } from '../lock/owner.js'
import type { CommitResult, CommitStrategy } from '../ports/commit-strategy.js'
import { evidenceFolder } from '../project/paths.js'
import { type IntentHeader, IntentHeaderSchema, isCommitResult } from './wire.js'

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}

type StrategyFingerprint = { readonly strategy: string; readonly options: string }

/** What an intent stores about its strategy, so that only an equal one commits the Op later. */
export const strategyFingerprint = ({ name, options }: CommitStrategy): StrategyFingerprint => ({
  strategy: name,
  options: createHash('sha256')
    .update(JSON.stringify(sorted(options ?? {})))
    .digest('hex')
    .slice(0, 16),
})

/** Whether an intent was created under this strategy, or an equal one. */
export const isSameStrategy = (strategy: CommitStrategy, intent: StrategyFingerprint): boolean => {
  const key = strategyFingerprint(strategy)
  return intent.strategy === key.strategy && intent.options === key.options
}

/**
 * An intent to close an Op. Its file has three roles: a lock against a second closer, the write-ahead copy of the
 * closed record, and the Op's entry in the queue of pending Ops. It is created before the record changes and
 * removed once the Op is committed.
 */
export type CloseIntent = {
  readonly id: OpId
  /** The process that closes the Op and waits for its result, if there is one. See `ownerLiveness`. */
  readonly owner?: string
  /** When the owner took the intent, in milliseconds since 1970. */
  readonly ownedSince: number
  /** The last owner, if it died while it held the intent: it may have left one of git's locks behind. */
  readonly previousOwner?: { readonly owner: string; readonly ownedSince: number }
  /** The strategy that the Op was closed under: its name and a digest of its options. */
  readonly strategy: string
  readonly options: string
  readonly durability: Durability
  /** The evidence that belongs to the commit, relative to the root. */
  readonly evidence: readonly string[]
  /** The result of the last attempt to commit the Op. */
  readonly result?: CommitResult
  /** The complete closed record. */
  readonly bytes: Buffer
}

/** Prepares an intent for another owner, or none: records the current owner as `previousOwner` if it has died. */
export const withPreviousOwner = (intent: CloseIntent): CloseIntent =>
  intent.owner !== undefined && ownerLiveness(intent.owner) === 'dead'
    ? { ...intent, previousOwner: { owner: intent.owner, ownedSince: intent.ownedSince } }
    : intent

/** Returns an intent that no process waits for. */
export const withoutOwner = ({ owner: _, ...rest }: CloseIntent): CloseIntent => rest

/** Encodes an intent as a file: one line of JSON, then the closed record. */
export const encodeIntent = (intent: CloseIntent): Buffer => {
  const { id: _, owner = '', ownedSince, previousOwner, result, bytes, ...rest } = intent
  const died = previousOwner && { owner: previousOwner.owner, at: previousOwner.ownedSince }
  const header: IntentHeader = {
    owner,
    at: ownedSince,
    ...rest,
    ...(died && { died }),
    ...(result && { result }),
    length: bytes.length,
  }
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), bytes])
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether this is evidence of an Op: a file in its folder, and no other file of this machine. */
const isEvidenceOf = (id: OpId, path: string): boolean => dirname(path) === evidenceFolder(id)

/**
 * Decodes an intent file. Returns `undefined` if it is torn; in that case the record was not changed. A result that this
 * version does not know is left out: the next batch tries again.
 */
export const decodeIntent = (id: OpId, file: Buffer): CloseIntent | undefined => {
  const end = file.indexOf('\n')
  const header = IntentHeaderSchema.safeParse(parseJson(file.toString('utf8', 0, Math.max(end, 0))))
  const bytes = file.subarray(end + 1)
  if (!header.success || bytes.length !== header.data.length) return undefined
  const { length: _, owner, at: ownedSince, evidence, result, died, ...rest } = header.data
  const previousOwner = died && { owner: died.owner, ownedSince: died.at }
  return {
    id,
    ...(owner !== '' && { owner }),
    ownedSince,
    ...rest,
    evidence: evidence.filter((path) => isEvidenceOf(id, path)),
    ...(previousOwner && { previousOwner }),
    ...(isCommitResult(result) && { result }),
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
  id,
  owner: selfOwner(),
  ownedSince: Date.now(),
  ...strategyFingerprint(store.strategy),
  durability: store.durability,
  evidence,
  bytes,
})
