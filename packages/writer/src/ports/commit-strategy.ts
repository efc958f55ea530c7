import type { OpRecord } from '@kitty/record'
import type { Durability } from '../fs/durability.js'

/** What HEAD must be for a request: on this branch, or detached. */
export type ExpectedHead =
  | { readonly kind: 'branch'; readonly branch: string }
  | { readonly kind: 'detached' }

/**
 * The content of one commit. Paths are relative to `root`, with `/`.
 *
 * Guarantees to a strategy: every path in `write` is a regular file inside `root`, complete and on disk; the
 * record of an `op` request is closed; and stores never make overlapping calls for one work tree, not even from
 * different processes.
 */
export type CommitRequest = {
  readonly kind: 'op' | 'archive'
  /** The project root, absolute. */
  readonly root: string
  /** The complete commit message, ending with a line feed. */
  readonly message: string
  /** Files to commit as they are on disk. */
  readonly write: readonly string[]
  /** Files to remove; they are no longer on disk. */
  readonly remove: readonly string[]
  /** The closed record, for `op` requests. */
  readonly op?: OpRecord
  /**
   * The bytes of the record, for `op` requests: just read from disk under the commit lock, and the source of
   * `op`. A strategy commits them, if present, and need not read the record again.
   */
  readonly bytes?: Uint8Array
  /**
   * The path of the index cache, if the commit should include it. A strategy updates it (`nextIndexBytes`) only
   * once it has decided to commit, and only the last commit of a batch includes it. A strategy can ignore
   * it: it is a cache.
   */
  readonly index?: string
  /** What a guard found at HEAD; `undefined` if HEAD does not matter. A strategy that finds another returns `deferred`. */
  readonly head?: ExpectedHead
  /** How durable the commit must be; the strongest durability in a batch applies to all. Default `power`. */
  readonly durability?: Durability
}

/**
 * The result of a request. A wire type: an intent stores it, and the command line prints it, as it is.
 *
 * - `committed`: a commit reachable from HEAD holds it, or one on another branch if `earlier` is set. `sha` is that
 *   commit, even if someone else made it.
 * - `deferred`: it cannot be committed now; `reason` (kebab-case) says why. It stays pending and is tried again.
 * - `refused`: a guard refused it; `code` is stable. After `CLOSED_IN_HEAD` (HEAD holds the closed record with other
 *   bytes) the Op is no longer pending: the commit stays, and a person must decide about the file on disk.
 * - `skipped`: there is no repository, or committing is disabled.
 * - `failed`: the commit failed; `message` includes git's own error, if there is one.
 */
export type CommitResult =
  | {
      readonly status: 'committed'
      readonly sha: string
      /** True if the commit existed before this attempt: it may hold the record without its evidence. */
      readonly earlier?: boolean
      /** Facts for the caller, such as evidence that was left out because git ignores it. */
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

/** A closed record that is missing on disk. */
export type MissingRecord = {
  /** Where a commit may hold it: hot or archived, relative to the root, with `/`. */
  readonly paths: readonly string[]
  readonly bytes: Uint8Array
}

/**
 * The port that commits closed Ops to version control.
 *
 * An implementation guarantees:
 * - it returns one result for each request, in the same order, and throws only for a bug;
 * - it terminates: until then no store commits in that work tree, and waiting Ops are deferred;
 * - `committed` means that HEAD holds exactly the bytes that were on disk;
 * - each `op` request becomes one commit of its own, at most once, however often it is requested;
 * - only the paths of the request change in HEAD, in the index and on disk;
 * - a request that was not `committed` can be passed again at any time.
 *
 * The conformance suite in `@kitty/writer/testing` checks an implementation.
 */
export interface CommitStrategy {
  readonly name: string
  /**
   * What distinguishes this strategy from others of the same name, as plain JSON data. An Op that was closed
   * under one strategy is later committed only by an equal one: same name, same options.
   */
  readonly options?: Readonly<Record<string, unknown>>
  /**
   * True if its commits contain only the paths of the request, whatever else is staged. A guard lets other
   * strategies commit only while nothing else is staged.
   */
  readonly commitsOnlyItsPaths?: boolean
  /** Commits a batch. See above for what it guarantees. */
  commit(requests: readonly CommitRequest[]): Promise<readonly CommitResult[]>
  /**
   * Returns for each record, in the same order, the commit of a branch whose tip holds these bytes at one of the
   * paths, or `undefined`. Called before a missing record is restored: the branch that holds it may no longer be
   * checked out, or may be being checked out now. A strategy without this method commits such a record again.
   * Throws if the search fails.
   */
  findCommits?(
    root: string,
    records: readonly MissingRecord[],
  ): Promise<readonly (string | undefined)[]>
}

/** A strategy that commits nothing: every result is `skipped` (`disabled`), and records stay on disk. */
export const noCommit = (): CommitStrategy => ({
  name: 'none',
  commitsOnlyItsPaths: true,
  commit: async (requests) => requests.map(() => ({ status: 'skipped', reason: 'disabled' })),
})
