import { isBlob, recordsInHead } from '@kitty/git-commit/inspect'
import { KittyError } from '@kitty/record'
import type { Archived, CommittedRecords, Ops } from '@kitty/writer'

export type ArchiveOptions = {
  /** The store; the moves are committed with its strategy. */
  readonly ops: Ops
  /** The age in days from which a closed Op is moved. Default 30; 0 means any. */
  readonly olderThanDays?: number
  /** How many of the newest Ops stay, however old they are. Default 0. */
  readonly keep?: number
  /** Change nothing; return what would be moved. */
  readonly dryRun?: boolean
  /** Default: the system's clock. */
  readonly clock?: () => Date
}

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 30

const refuse = (code: 'DAYS_INVALID' | 'KEEP_INVALID', what: string): never => {
  throw new KittyError(code, what, { hint: 'Use 0 or more, for example 30.' })
}

const committedIn = async (root: string): Promise<CommittedRecords | undefined> => {
  const head = await recordsInHead(root)
  return (
    head && {
      has: (path) => head.has(path),
      holds: (path, bytes) => {
        const blob = head.get(path)
        return blob !== undefined && isBlob(blob, bytes)
      },
    }
  )
}

/**
 * Moves closed Ops whose exact bytes are in HEAD out of the hot folder, in one commit.
 *
 * @throws KittyError `DAYS_INVALID`, `KEEP_INVALID`, `LOCK_TIMEOUT`, `GIT_FAILED`, and the errors of moving
 * files.
 */
export const archive = async (options: ArchiveOptions): Promise<Archived> => {
  const { ops, olderThanDays = DEFAULT_DAYS, keep = 0, dryRun = false } = options
  if (!(olderThanDays >= 0)) refuse('DAYS_INVALID', `Not a number of days: ${olderThanDays}`)
  if (!Number.isInteger(keep) || keep < 0) refuse('KEEP_INVALID', `Not a number of Ops: ${keep}`)
  const now = (options.clock?.() ?? new Date()).getTime()
  return ops.archive({
    // With 0 days, an Op that was closed in this millisecond counts.
    before: now - olderThanDays * DAY_MS + 1,
    keep,
    dryRun,
    committed: () => committedIn(ops.root),
  })
}
