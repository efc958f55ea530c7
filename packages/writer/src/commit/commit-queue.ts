import type { OpId } from '@kitty/record'
import { selfOwner } from '../lock/owner.js'
import type { CommitResult } from '../ports/commit-strategy.js'
import type { ClosedOpFile } from '../records/record-file.js'
import { intentVersion, listIntents, readIntent } from '../state/intent-store.js'
import { settleIntent } from '../state/settle-intent.js'
import type { BatchScope } from './batch-items.js'
import { type BatchResults, commitBatch } from './commit-batch.js'
import type { CommitLock } from './commit-lock.js'
import { commitFailed, lockTimeout, recordChanged } from './deferred.js'

/** The result for an Op; `undefined` if another process settled its intent, so that the caller must retry. */
type TicketResult = CommitResult | undefined

/** The pending result of an Op that is being closed. `cancel` resolves it with `undefined`. */
type CommitTicket = { readonly result: Promise<TicketResult>; readonly cancel: () => void }

/** An Op that is closed on disk and waits for its commit. */
type EnqueuedOp = { readonly closed: ClosedOpFile; readonly timer: NodeJS.Timeout }

type CommitQueueOptions = Pick<
  BatchScope,
  'root' | 'state' | 'strategy' | 'commitOpsIndex' | 'excludeLines'
> & {
  /** One lock for each work tree. */
  readonly lock: CommitLock
  /** How long an Op waits for its commit while other processes commit, in milliseconds. */
  readonly lockTimeoutMs: number
}

/**
 * Commits closed Ops, one batch at a time for each work tree. The holder of the commit lock commits all
 * waiting Ops, its own and those of other processes, and stores each result in the intent of its Op.
 */
export class CommitQueue {
  readonly #options: CommitQueueOptions
  /** Ops being closed by this store. */
  readonly #reserved = new Map<OpId, (result: TicketResult) => void>()
  /** Those of them whose intent this store owns. */
  readonly #claimed = new Set<OpId>()
  /** Those of them that are closed on disk. */
  readonly #enqueued = new Map<OpId, EnqueuedOp>()
  /** The version of each claimed intent when it was last read. */
  readonly #versions = new Map<OpId, string | undefined>()
  /** Ops that the strategy is committing now. They do not time out. */
  #inStrategy: ReadonlySet<OpId> = new Set()
  #isRunning = false

  constructor(options: CommitQueueOptions) {
    this.#options = options
  }

  /**
   * Reserves the result of an Op that is about to be closed. Caller must do so before creating the intent:
   * from then on any batch can commit the Op. Returns `undefined` if the Op is already reserved.
   */
  reserve(id: OpId): CommitTicket | undefined {
    if (this.#reserved.has(id)) return undefined
    const result = new Promise<TicketResult>((resolve) => this.#reserved.set(id, resolve))
    return { result, cancel: () => this.#resolve(id, undefined) }
  }

  /** Records that this store, and not another closer, owns the intent of a reserved Op. */
  claim(id: OpId): void {
    if (this.#reserved.has(id)) this.#claimed.add(id)
  }

  /** Queues an Op for its commit. Caller must have closed it on disk, with this record, under its intent. */
  enqueue(id: OpId, closed: ClosedOpFile): void {
    if (!this.#reserved.has(id)) return
    this.#claimed.add(id)
    const timeOut = (): void => {
      if (!this.#inStrategy.has(id)) void this.#settleWith(id, lockTimeout)
    }
    this.#enqueued.set(id, { closed, timer: setTimeout(timeOut, this.#options.lockTimeoutMs) })
    if (!this.#isRunning) void this.#run()
  }

  /** Commits everything pending. Returns the results of this batch. */
  async flush(allStrategies: boolean): Promise<BatchResults> {
    const ids = await listIntents(this.#options.state)
    if (ids.length === 0) return new Map()
    const done = await this.#options.lock.tryWithLock(() =>
      this.#commitBatch({ all: true, allStrategies }),
    )
    return done.ok ? done.value : new Map(ids.map((id) => [id, lockTimeout]))
  }

  /** Runs batches until no Op waits. An Op enqueued after the last check starts a new run. */
  async #run(): Promise<void> {
    this.#isRunning = true
    while (this.#enqueued.size > 0) {
      const waiting = [...this.#enqueued.keys()]
      const fallback = await this.#runBatch().catch(commitFailed)
      await Promise.all(waiting.map((id) => this.#settleWith(id, fallback)))
    }
    this.#isRunning = false
  }

  /** Runs one batch. Returns the result of those waiting Ops that get none from the batch. */
  async #runBatch(): Promise<CommitResult> {
    const commitUnlessDelivered = async (): Promise<void> => {
      if (!(await this.#collectDelivered()))
        await this.#commitBatch({ all: false, allStrategies: false })
    }
    const done = await this.#options.lock.tryWithLock(commitUnlessDelivered, () =>
      this.#collectDelivered(),
    )
    return done.ok ? recordChanged : lockTimeout
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

  /** Collects results that another process stored in claimed intents. Returns true if no Op waits any more. */
  async #collectDelivered(): Promise<boolean> {
    for (const id of this.#claimed) {
      const version = intentVersion(this.#options.state, id)
      if (this.#versions.has(id) && this.#versions.get(id) === version) continue
      this.#versions.set(id, version)
      const found = await this.#settle(id)
      if (found !== undefined) this.#resolve(id, found)
    }
    return this.#enqueued.size === 0
  }

  /** Settles an intent of this process with the result stored in it, or else with `fallback`, if given. */
  async #settle(id: OpId, fallback?: CommitResult): Promise<TicketResult> {
    const { state } = this.#options
    const intent = await readIntent(state, id)
    if (intent?.owner !== selfOwner()) return intent && fallback
    const result = intent.result ?? fallback
    if (result !== undefined) await settleIntent(state, intent, result)
    return result
  }

  /** Settles a waiting Op. Always resolves its ticket, even if the intent cannot be settled. */
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
