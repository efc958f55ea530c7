import { join } from 'node:path'
import type { OpId } from '@kitty/record'
import type { CommitResult, CommitStrategy } from './commit-strategy.js'
import { concludeMark, type TurnResults, takeTurn } from './commit-turn.js'
import { readMark } from './intents.js'
import { type LockPlace, waitForLock } from './lock-file.js'

export type CommitQueueOptions = {
  readonly root: string
  readonly state: string
  /** The folder of the lock and its tokens: one for each work tree. */
  readonly lockFolder: string
  readonly strategy: CommitStrategy
  readonly commitIndex: boolean
  /** How long to wait for other committers, in milliseconds. */
  readonly lockTimeoutMs: number
}

const lockTimeout: CommitResult = {
  status: 'deferred',
  reason: 'lock-timeout',
  message: 'Another process of this software was committing for too long.',
  hint: 'The Op stays pending and is committed with the next one, or by: spec-kitty doctor ops --fix',
}

const changedMeanwhile: CommitResult = {
  status: 'deferred',
  reason: 'record-changed',
  message: 'The record or its pending mark was changed by somebody else while it was being closed.',
  hint: 'Run: spec-kitty doctor ops',
}

export type Expected = { readonly result: Promise<CommitResult>; readonly cancel: () => void }

type Give = (result: CommitResult) => void

/**
 * Gets closed Ops committed, one group at a time for each work tree: who holds the lock commits for all
 * that wait, in this process and in others, and leaves each its result in its mark.
 */
export class CommitQueue {
  readonly #options: CommitQueueOptions
  /** Ops being closed in this process, and those of them whose record is closed on disk. */
  readonly #expected = new Map<OpId, Give>()
  readonly #ready = new Set<OpId>()
  #running: Promise<void> | undefined

  constructor(options: CommitQueueOptions) {
    this.#options = options
  }

  /**
   * Says that an Op is about to be closed and its result wanted. To be called before its mark is
   * made: from then on, any turn may commit it. Undefined when it is expected already.
   */
  expect(id: OpId): Expected | undefined {
    if (this.#expected.has(id)) return undefined
    const result = new Promise<CommitResult>((give) => this.#expected.set(id, give))
    return { result, cancel: () => this.#expected.delete(id) }
  }

  /** Says that the Op is closed on disk, and sees to it that it is committed. */
  ready(id: OpId): void {
    if (!this.#expected.has(id)) return
    this.#ready.add(id)
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
  }

  /** Commits whatever is pending, and gives the results of this turn. */
  async flush(anyStrategy: boolean): Promise<TurnResults> {
    await this.#running
    const lock = await waitForLock(this.#place(), { timeoutMs: this.#options.lockTimeoutMs })
    if (typeof lock === 'string') return new Map()
    return this.#takeTurn(anyStrategy).finally(lock.release)
  }

  async #run(): Promise<void> {
    while (this.#ready.size > 0) {
      const waiting = [...this.#ready]
      const otherwise = await this.#turn().catch(
        (error: unknown): CommitResult => ({
          status: 'failed',
          code: 'COMMIT_FAILED',
          message: String(error),
        }),
      )
      await Promise.all(waiting.map((id) => this.#leave(id, otherwise)))
    }
  }

  /** Ends the waiting of an Op that got no result of its own; its mark is nobody's from then on. */
  async #leave(id: OpId, result: CommitResult): Promise<void> {
    if (!this.#ready.has(id)) return
    const mark = await readMark(this.#options.state, id)
    if (mark !== undefined) await concludeMark(this.#options.state, mark, result)
    this.#give(id, result)
  }

  /** One turn; what comes back is for those that waited and got no result of their own. */
  async #turn(): Promise<CommitResult> {
    const lock = await waitForLock(this.#place(), {
      timeoutMs: this.#options.lockTimeoutMs,
      until: () => this.#collect(),
    })
    if (typeof lock === 'string') return lockTimeout
    try {
      if (!(await this.#collect())) await this.#takeTurn(false)
    } finally {
      lock.release()
    }
    return changedMeanwhile
  }

  async #takeTurn(anyStrategy: boolean): Promise<TurnResults> {
    const ours = new Set(this.#expected.keys())
    const results = await takeTurn({ ...this.#options, ours, anyStrategy })
    for (const [id, result] of results) this.#give(id, result)
    return results
  }

  /** Takes up results that another process left in our marks; true when nobody waits any more. */
  async #collect(): Promise<boolean> {
    const { state } = this.#options
    for (const id of this.#ready) {
      const mark = await readMark(state, id)
      if (mark?.result === undefined) continue
      await concludeMark(state, mark, mark.result)
      this.#give(id, mark.result)
    }
    return this.#ready.size === 0
  }

  #give(id: OpId, result: CommitResult): void {
    this.#expected.get(id)?.(result)
    this.#expected.delete(id)
    this.#ready.delete(id)
  }

  #place(): LockPlace {
    const { lockFolder } = this.#options
    return { path: join(lockFolder, 'commit.lock'), tokens: join(lockFolder, 'tokens') }
  }
}
