import type { OpId, OpRecord } from '@kitty/record'
import type { Durability } from '../fs/durability.js'

/** What HEAD must be for a request: on this branch, or detached. */
export type ExpectedHead =
  | { readonly kind: 'branch'; readonly branch: string }
  | { readonly kind: 'detached' }

/**
 * One commit to make. Paths are relative to the root of the call, with `/`; `requestPaths` lists them.
 *
 * Guarantees to a strategy: every file to write is a regular file inside the root, complete and on disk; every file
 * to remove is no longer on disk; the record of an `op` request is closed; and stores never make overlapping calls
 * for one work tree, not even from different processes.
 */
export type CommitRequest = {
  /** The complete commit message, ending with a line feed. */
  readonly message: string
  /** What a guard found at HEAD; `undefined` if HEAD does not matter. A strategy that finds another returns `deferred`. */
  readonly head?: ExpectedHead
  /** How durable the commit must be; the strongest durability in a batch applies to all. Default `power`. */
  readonly durability?: Durability
} & (
  | {
      /** Commits a closed Op. */
      readonly kind: 'op'
      /**
       * The record: its path, its bytes as just read from disk under the commit lock, and what they parse to. A strategy
       * can commit these bytes and need not read the file again.
       */
      readonly record: {
        readonly path: string
        readonly bytes: Uint8Array
        readonly parsed: OpRecord
      }
      /** Other files to commit as they are on disk: evidence, and once `.gitattributes`. */
      readonly extras: readonly string[]
      /**
       * The index cache, which a strategy can ignore. `commit`: commit it with the last Op of a batch (true), never
       * (false), or only if HEAD tracks it (absent). Where it is not committed, a strategy can write its rows to the
       * file if git ignores it.
       */
      readonly index?: { readonly path: string; readonly commit?: boolean }
    }
  | {
      /** Commits records that were moved to the archive. */
      readonly kind: 'archive'
      readonly moves: readonly { readonly from: string; readonly to: string }[]
    }
  | {
      /** Takes a file out of the branch. */
      readonly kind: 'untrack'
      readonly path: string
    }
)

/** The paths of a request: the files to commit as they are on disk, and those to remove. */
export const requestPaths = (
  request: CommitRequest,
): { readonly write: readonly string[]; readonly remove: readonly string[] } => {
  switch (request.kind) {
    case 'op':
      return { write: [request.record.path, ...request.extras], remove: [] }
    case 'archive':
      return {
        write: request.moves.map(({ to }) => to),
        remove: request.moves.map(({ from }) => from),
      }
    case 'untrack':
      return { write: [], remove: [request.path] }
  }
}

/**
 * The result for the ledger, the home of closed records outside every branch. A wire type, like `CommitResult`.
 *
 * - `committed`: the ref of this clone's ledger leads to exactly these bytes. `sha` is the commit that added them.
 * - `deferred`: it cannot be added now; it is tried again.
 * - `failed`: git or the file system refused. The reason `closed-in-ledger` is final: the ledger holds the closed
 *   record with other bytes, which stay.
 */
export type LedgerResult =
  | { readonly status: 'committed'; readonly sha: string }
  | {
      readonly status: 'deferred'
      readonly reason: string
      readonly message: string
      readonly hint?: string
    }
  | {
      readonly status: 'failed'
      readonly reason?: string
      readonly message: string
      readonly hint?: string
    }

/**
 * The result of a request. A wire type: an intent stores it, and the command line prints it, as it is. `ledger` is the
 * result of the second home, if the strategy has one.
 *
 * - `committed`: a commit reachable from HEAD holds it, or one on another branch if `earlier` is set. `sha` is that
 *   commit, even if someone else made it.
 * - `deferred`: it cannot be committed now; `reason` (kebab-case) says why. It stays pending and is tried again.
 * - `refused`: a guard refused it; `code` is stable. After `CLOSED_IN_HEAD` (HEAD holds the closed record with other
 *   bytes) the Op is no longer pending: the commit stays, and a person must decide about the file on disk.
 * - `skipped`: there is no repository, committing is disabled, or the record stays as it is, because `op-closures.jsonl`
 *   closes the Op (`closed-beside`).
 * - `failed`: the commit failed; `message` includes git's own error, if there is one.
 */
export type CommitResult = { readonly ledger?: LedgerResult } & (
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
  | {
      readonly status: 'skipped'
      readonly reason: 'no-repository' | 'disabled' | 'closed-beside'
    }
  | {
      readonly status: 'failed'
      readonly code: string
      readonly message: string
      readonly hint?: string
      readonly exit_code?: number
    }
)

/** A closed record that is missing on disk. */
export type MissingRecord = {
  /** Where a commit may hold it: hot or archived, relative to the root, with `/`. */
  readonly paths: readonly string[]
  readonly bytes: Uint8Array
}

/** The records that HEAD holds. Paths are relative to the root, with `/`. */
export type CommittedRecords = {
  /** Whether HEAD has a record at a path. */
  has(path: string): boolean
  /** Whether HEAD has exactly these bytes at a path. */
  holds(path: string, bytes: Uint8Array): boolean
}

/** Where HEAD was when an Op was opened. */
export type HeadAtStart = {
  /** The commit; empty if the branch had none. */
  readonly head: string
  /** When the Op was opened. */
  readonly at: Date
}

/** The commits of work that HEAD has gained since an Op was opened. */
export type WorkSince = {
  /** The newest of them, at most 50, oldest first; full ids. */
  readonly commits: readonly string[]
  /** How many there are. */
  readonly total: number
}

/** What a store asks version control, which it never runs itself. The methods throw if they cannot find out. */
export interface CommitReader {
  /** Reads the records in HEAD. Returns `undefined` outside a repository. Called before records are archived. */
  recordsInHead(root: string): Promise<CommittedRecords | undefined>
  /**
   * Returns for each record, in the same order, the commit of a branch whose tip holds these bytes at one of the
   * paths, or `undefined`. Called before a missing record is restored: the branch that holds it may no longer be
   * checked out, or may be being checked out now. Without a reader, such a record is committed again.
   */
  findCommits(
    root: string,
    records: readonly MissingRecord[],
  ): Promise<readonly (string | undefined)[]>
  /**
   * Returns the records that a sparse checkout keeps off the disk, each once, under the path it would have. It can also
   * return records that are on disk; those are ignored. Must not throw for anything that should not fail a list.
   */
  sparseRecords(
    root: string,
  ): Promise<
    readonly { readonly record: OpRecord; readonly bytes: Buffer; readonly path: string }[]
  >
  /**
   * Returns the commit at HEAD, empty on an unborn branch, or `undefined` outside a repository. Asked only if the store
   * cannot read it from the files of the git directory. Without it, no commits can be linked there.
   */
  headCommit?(root: string): Promise<string | undefined>
  /**
   * Returns the commits of work that HEAD has gained along first parents since an Op was opened: none of Ops, none that
   * change only records, and none that were made elsewhere. Without it, no commits are linked. Throws a `KittyError`
   * whose message says why they cannot be found.
   */
  workSince?(root: string, start: HeadAtStart): Promise<WorkSince>
}

/**
 * The port that commits closed Ops to version control.
 *
 * An implementation guarantees:
 * - it returns one result for each request, in the same order, and throws only for a bug;
 * - it terminates: until then no store commits in that work tree, and waiting Ops are deferred;
 * - `committed` means that HEAD, or with the home `ref` another ref, leads to exactly the bytes that were on disk;
 * - each `op` request is committed at most once, however often it is requested; in HEAD, by a commit of its own;
 * - only the paths of the request change in HEAD, in the index and on disk;
 * - a request that was not `committed` can be passed again at any time.
 *
 * The conformance suite in `@kitty/writer/testing` checks an implementation.
 */
export interface CommitStrategy {
  readonly name: string
  /** Commits a batch in one project root, an absolute path. See above for what it guarantees. */
  commit(root: string, requests: readonly CommitRequest[]): Promise<readonly CommitResult[]>
  /**
   * What distinguishes this strategy from others of the same name, as plain JSON data. An Op that was closed
   * under one strategy is later committed only by an equal one: same name, same options.
   */
  readonly options?: Readonly<Record<string, unknown>>
  /** False if it commits nothing, on purpose. Default true. */
  readonly commits?: boolean
  /** Where committed records are: in HEAD (the default), or in a ref outside every branch. */
  readonly home?: 'head' | 'ref'
  /**
   * The strategy of the second home, which has the home `ref`, if this strategy commits to two. It also takes Ops that
   * belong to no branch any more, because their work tree is gone.
   */
  readonly ledger?: CommitStrategy
  /**
   * True if its commits contain only the paths of the request, whatever else is staged. A guard lets other
   * strategies commit only while nothing else is staged.
   */
  readonly commitsOnlyItsPaths?: boolean
  /** Returns the result that every request would get now instead of a commit; `undefined` if none is known. Changes nothing. */
  blockedBy?(root: string): Promise<CommitResult | undefined>
  /**
   * With the home `ref`: returns the closed record that it holds of an Op, and a commit that has it. Asked for an open
   * record without a start note, whose Op may have been closed while its work tree was away.
   */
  heldRecord?(
    root: string,
    id: OpId,
  ): Promise<{ readonly bytes: Buffer; readonly sha: string } | undefined>
  /** Reads what is committed. Without one, nothing is archived. */
  readonly reader?: CommitReader
}

/** A strategy that commits nothing: every result is `skipped` (`disabled`), and records stay on disk. */
export const noCommit = (): CommitStrategy => ({
  name: 'none',
  commits: false,
  commitsOnlyItsPaths: true,
  commit: async (_, requests) => requests.map(() => ({ status: 'skipped', reason: 'disabled' })),
})
