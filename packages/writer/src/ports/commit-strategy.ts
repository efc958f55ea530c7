import type { OpRecord } from '@kitty/record'
import type { Durability } from '../fs/durability.js'

/**
 * What one commit is to hold. Paths are relative to `root`, with `/`.
 *
 * Guarantees to a strategy: every path in `write` is a regular file inside `root`, whole and on disk;
 * the record of an `op` request is closed; and calls made by one executor for one work tree never
 * overlap, not even between processes.
 */
export type CommitRequest = {
  readonly kind: 'op' | 'archive'
  /** The project root, absolute. */
  readonly root: string
  /** The whole commit message, ending in a line feed. */
  readonly message: string
  readonly write: readonly string[]
  readonly remove: readonly string[]
  /** The closed record, for `op` requests. */
  readonly op?: OpRecord
  /**
   * The bytes of the record, for `op` requests: what the executor has just read from disk under the commit
   * lock, and what `op` is parsed from. A strategy that gets them commits these and need not read the record
   * again.
   */
  readonly bytes?: Uint8Array
  /**
   * The index cache, when it is to travel with the commit. Only a strategy that has decided to commit
   * brings it up to date (`nextIndexBytes`), and only the last commit of a group carries it. A
   * strategy that does not know it leaves it alone: it is a cache.
   */
  readonly index?: string
  /**
   * The branch that must be checked out, when a guard has decided that; empty where HEAD must be detached, as it
   * was when the guard looked; any, when it is absent. A strategy that finds another state answers `deferred`.
   */
  readonly branch?: string
  /** How durable the commit must be; the strongest of a group counts for all. Default `power`. */
  readonly durability?: Durability
}

/**
 * What became of a request.
 *
 * - `committed`: a commit reachable from HEAD holds it, or one of another branch where `earlier` says so;
 *   `sha` is that commit, also when somebody else made it.
 * - `deferred`: not now (`reason` in kebab-case says why); it stays pending and is tried again.
 * - `refused`: a guard said no; `code` is stable. With `CLOSED_IN_HEAD` (HEAD holds the record closed, with other
 *   bytes) the Op is not pending any more: what is committed stays, and what is on disk is for a person.
 * - `skipped`: there is nothing to commit to, or committing is turned off.
 * - `failed`: git said no, in its own words.
 */
export type CommitResult =
  | {
      readonly status: 'committed'
      readonly sha: string
      /** True when the commit was there before this try: it need not hold more than the record. */
      readonly earlier?: true
      /** What the caller should know: evidence that was left out because git ignores it. */
      readonly notes?: readonly string[]
    }
  | {
      readonly status: 'deferred'
      readonly reason: string
      readonly message: string
      readonly hint?: string
    }
  | {
      readonly status: 'refused'
      readonly code: string
      readonly message: string
      readonly hint?: string
    }
  | { readonly status: 'skipped'; readonly reason: 'no-repository' | 'disabled' }
  | {
      readonly status: 'failed'
      readonly code: string
      readonly message: string
      readonly hint?: string
      readonly exit_code?: number
    }

/** A closed record that is gone from disk. */
export type MissingRecord = {
  /** Where it may lie in a commit: hot or archived, relative to the root, with `/`. */
  readonly paths: readonly string[]
  readonly bytes: Uint8Array
}

/**
 * The port through which closed Ops reach version control.
 *
 * An implementation guarantees:
 * - one result for each request, in the same order; it throws only for a bug;
 * - it ends: while it works, nobody else commits in that work tree, and what waits is deferred;
 * - `committed` means that HEAD holds exactly the bytes that were on disk;
 * - each `op` request becomes one commit of its own, at most once, however often it is asked for;
 * - nothing but the paths of the request changes in HEAD, in the index and on disk;
 * - a request that was not `committed` may be handed in again at any time.
 *
 * `@kitty/writer/testing` has the suite that holds an implementation to this.
 */
export interface CommitStrategy {
  readonly name: string
  /**
   * What else tells this strategy from another of the same name, as plain JSON data. An Op that was
   * closed under one strategy is later committed only by an equal one: same name, same options.
   */
  readonly options?: Readonly<Record<string, unknown>>
  /**
   * True when its commits hold the paths of the request alone, whatever else is staged. A guard
   * lets other strategies commit only while nothing else is staged.
   */
  readonly commitsOnlyItsPaths?: boolean
  commit(requests: readonly CommitRequest[]): Promise<readonly CommitResult[]>
  /**
   * For each of some records, in the same order, the commit of any branch whose tip holds these bytes at one
   * of the paths; undefined where none does. Asked before a record that is gone from disk is written anew:
   * it may be gone because the branch that holds it is no longer checked out, or is just being checked out. A
   * strategy that cannot tell leaves this out; such a record is then committed once more. Throws where it could
   * not look.
   */
  findCommits?(
    root: string,
    records: readonly MissingRecord[],
  ): Promise<readonly (string | undefined)[]>
}

/** Commits nothing: every Op is answered with `skipped`, `disabled`, and its record stays on disk. */
export const noCommit = (): CommitStrategy => ({
  name: 'none',
  commitsOnlyItsPaths: true,
  commit: async (requests) => requests.map(() => ({ status: 'skipped', reason: 'disabled' })),
})
