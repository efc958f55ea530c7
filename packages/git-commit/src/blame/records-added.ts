import { basename, dirname } from 'node:path/posix'
import { type OpId, parseOpCommitMessage } from '@kitty/record'
import { ARCHIVE_DIR, OPS_DIR, opIdOfName } from '@kitty/writer/internals'
import { changesOfCommits } from '../work/logged.js'

/** A commit, and the Ops whose records came with it. */
export type CommitWithRecords = {
  readonly sha: string
  readonly subject: string
  /** When it was committed, in milliseconds since 1970. */
  readonly at: number
  /** The Op whose own commit it is, by its message. */
  readonly op?: string
  /** The Ops whose records it adds, as a squashed branch does. */
  readonly added: readonly OpId[]
}

const FOLDER = new RegExp(`(?:^|/)(?:${OPS_DIR}|${ARCHIVE_DIR}/[^/]+)$`)

const opOfPath = (path: string): OpId | undefined =>
  FOLDER.test(dirname(path)) ? opIdOfName(basename(path)) : undefined

/**
 * Reads commits, and which records each adds against its first parent.
 *
 * @throws KittyError `GIT_FAILED`, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const commitsWithRecords = async (
  top: string,
  ids: readonly string[],
): Promise<readonly CommitWithRecords[]> =>
  (await changesOfCommits(top, ids)).map(({ sha, at, message, changes }) => {
    const op = parseOpCommitMessage(message)?.op_id
    const added = changes.filter(({ before, after }) => before.length === 0 && after !== undefined)
    return {
      sha,
      subject: message.split('\n', 1)[0] ?? '',
      at,
      ...(op !== undefined && { op }),
      added: added.flatMap(({ path }) => opOfPath(path) ?? []),
    }
  })
