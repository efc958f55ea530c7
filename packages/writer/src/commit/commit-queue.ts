import type { OpId } from '@kitty/record'
import { selfOwner } from '../lock/owner.js'
import type { CommitResult } from '../ports/commit-strategy.js'
import type { OpFile } from '../records/record-file.js'
import { intentVersion, listIntents, readIntent } from '../state/intent-store.js'
import { settleIntent } from '../state/settle-intent.js'
import type { BatchScope } from './batch-items.js'
import { type BatchResults, commitBatch } from './commit-batch.js'
import type { CommitLock } from './commit-lock.js'
import { batchFailed, lockTimeout, recordChanged } from './deferred.js'

/** What became of an Op; undefined when somebody else ended its mark, so that it must be asked again. */
type TicketResult = CommitResult | undefined

/** An Op that is being closed, and what will become of it. */
type CommitTicket = { readonly result: Promise<TicketResult>; readonly cancel: () => void }

/** An Op that is closed on disk and waits for its commit. */
type EnqueuedOp = { readonly closed: OpFile; readonly timer: NodeJS.Timeout }

type CommitQueueOptions = Pick<BatchScope, 'root' | 'state' | 'strategy' | 'commitOpsIndex'> & {
  /** One for each work tree. */
  readonly lock: CommitLock
  /** How long to wait for other committers, in milliseconds. */
  readonly lockTimeoutMs: number
}

/**
 * Gets closed Ops committed, one group at a time for each work tree: who holds the lock commits for all
 * that wait, in this process and in others, and leaves each its result in its mark.
 */
export class CommitQueue {
  readonly #options: CommitQueueOptions
  /** Ops being closed here; those whose mark is made; those closed on disk, with what ends their waiting. */
  readonly #reserved = new Map<OpId, (result: TicketResult) => void>()
  readonly #claimed = new Set<OpId>()
  readonly #enqueued = new Map<OpId, EnqueuedOp>()
  /** Their marks, as last read. */
  readonly #versions = new Map<OpId, string>()
  /** Those whose fate lies with the strategy now, which alone knows how long it takes. */
  #inStrategy: ReadonlySet<OpId> = new Set()
  #isRunning = false

  constructor(options: CommitQueueOptions) {
    this.#options = options
  }

  /**
   * Says that an Op is about to be closed and its result wanted; before its mark is made, since from then on
   * any turn may commit it. Undefined when it is expected already.
   */
  reserve(id: OpId): CommitTicket | undefined {
    if (this.#reserved.has(id)) return undefined
    const result = new Promise<TicketResult>((give) => this.#reserved.set(id, give))
    return { result, cancel: () => this.#resolve(id, undefined) }
  }

  /** Says that the mark of an expected Op is this store's, and not another closer's. */
  claim(id: OpId): void {
    if (this.#reserved.has(id)) this.#claimed.add(id)
  }

  /** Says that the Op is closed on disk, with this record and under its mark, and has it committed. */
  enqueue(id: OpId, closed: OpFile): void {
    if (!this.#reserved.has(id)) return
    this.#claimed.add(id)
    const giveUp = (): void => {
      if (!this.#inStrategy.has(id)) void this.#settleWith(id, lockTimeout)
    }
    this.#enqueued.set(id, { closed, timer: setTimeout(giveUp, this.#options.lockTimeoutMs) })
    if (!this.#isRunning) void this.#run()
  }

  /** Commits whatever is pending, and gives the results of this turn. */
  async flush(allStrategies: boolean): Promise<BatchResults> {
    const ids = await listIntents(this.#options.state)
    if (ids.length === 0) return new Map()
    const results = await this.#options.lock.tryWithLock(() =>
      this.#commitBatch({ all: true, allStrategies }),
    )
    return results === 'timeout' ? new Map(ids.map((id) => [id, lockTimeout])) : results
  }

  /** Goes on until nobody waits. Who comes after the last look finds it ended, and begins anew. */
  async #run(): Promise<void> {
    this.#isRunning = true
    while (this.#enqueued.size > 0) {
      const waiting = [...this.#enqueued.keys()]
      const otherwise = await this.#runBatch().catch(batchFailed)
      await Promise.all(waiting.map((id) => this.#settleWith(id, otherwise)))
    }
    this.#isRunning = false
  }

  /** One turn; what comes back is for those that waited and got no result of their own. */
  async #runBatch(): Promise<CommitResult> {
    const turn = async (): Promise<void> => {
      if (!(await this.#collectDelivered()))
        await this.#commitBatch({ all: false, allStrategies: false })
    }
    const answer = await this.#options.lock.tryWithLock(turn, () => this.#collectDelivered())
    return answer === 'timeout' ? lockTimeout : recordChanged
  }

  async #commitBatch(how: { all: boolean; allStrategies: boolean }): Promise<BatchResults> {
    const own = new Set(this.#claimed)
    const closed = new Map(
      [...this.#enqueued].map(([id, waiting]) => [id, waiting.closed] as const),
    )
    this.#inStrategy = new Set(closed.keys())
    try {
      const results = await commitBatch({ ...this.#options, ...how, own, closed })
      for (const [id, result] of results) if (own.has(id)) this.#resolve(id, result)
      return results
    } finally {
      this.#inStrategy = new Set()
    }
  }

  /** Takes up results that another process left in our marks; true when nobody waits any more. */
  async #collectDelivered(): Promise<boolean> {
    for (const id of this.#claimed) {
      const stamp = intentVersion(this.#options.state, id)
      if (this.#versions.get(id) === stamp) continue
      this.#versions.set(id, stamp)
      const found = await this.#settle(id)
      if (found !== undefined) this.#resolve(id, found)
    }
    return this.#enqueued.size === 0
  }

  /** Ends our mark with the result that somebody left in it, else with `otherwise`, if that is given. */
  async #settle(id: OpId, otherwise?: CommitResult): Promise<TicketResult> {
    const { state } = this.#options
    const intent = await readIntent(state, id)
    if (intent?.owner !== selfOwner()) return intent && otherwise
    const result = intent.result ?? otherwise
    if (result !== undefined) await settleIntent(state, intent, result)
    return result
  }

  /** Ends the waiting of an Op; whatever happens, whoever waits gets an answer. */
  async #settleWith(id: OpId, result: CommitResult): Promise<void> {
    if (!this.#enqueued.has(id)) return
    this.#resolve(id, await this.#settle(id, result).catch(() => result))
  }

  #resolve(id: OpId, result: TicketResult): void {
    clearTimeout(this.#enqueued.get(id)?.timer)
    this.#enqueued.delete(id)
    this.#claimed.delete(id)
    this.#versions.delete(id)
    this.#reserved.get(id)?.(result)
    this.#reserved.delete(id)
  }
}
