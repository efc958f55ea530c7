import { posix } from 'node:path'
import { archivedPath, opIdOfName, recordPath } from '@kitty/writer/internals'
import { gitText } from '../git/query.js'

/** The id and the subject of a commit. */
export type CommitName = { readonly sha: string; readonly subject: string }

/** Where to search: the revision, or the options of `git rev-list` that name several. */
type From = string | readonly string[]

/** Finds the newest commit that changed a path, after skipping `skip` newer ones. Throws `GIT_FAILED`. */
const newestCommit = async (
  top: string,
  path: string,
  from: From,
  skip = 0,
): Promise<CommitName | undefined> => {
  const args = [
    'rev-list',
    '-1',
    `--skip=${skip}`,
    '--format=%s',
    '--encoding=UTF-8',
    ...(typeof from === 'string' ? [from] : from),
    '--',
    path,
  ]
  const answer = await gitText(top, args, { what: 'find the commit of a record' })
  const [, sha, subject = ''] = /^commit (\w+)\n(.*)/.exec(answer) ?? []
  return sha === undefined ? undefined : { sha, subject }
}

/**
 * Returns the newest commit reachable from `from` that changed a path (relative to `top`, with `/`), or `undefined`
 * if there is none or git fails.
 */
export const lastCommitOf = async (
  top: string,
  path: string,
  from = 'HEAD',
): Promise<string | undefined> => (await newestCommit(top, path, from).catch(() => undefined))?.sha

/** The path that an archived record had before; `undefined` for any other file. Both are relative to the same folder. */
const hotPathOf = (path: string): string | undefined => {
  const id = opIdOfName(posix.basename(path))
  const archived = id && archivedPath(id)
  if (id === undefined || archived === undefined || !path.endsWith(archived)) return undefined
  return path.slice(0, -archived.length) + recordPath(id)
}

/**
 * Returns the newest commit reachable from `from` that changed a record (its path relative to `top`, with `/`), or
 * `undefined` if there is none or git fails. One that only moved it to the archive does not count, unless no other
 * contains it. Caller must know that `from` has the record.
 */
export const lastCommitOfRecord = async (
  top: string,
  path: string,
  from = 'HEAD',
): Promise<string | undefined> => {
  const hot = hotPathOf(path)
  // The newest commit at the hot path is the one that removed it.
  const beforeMove = hot && (await newestCommit(top, hot, from, 1).catch(() => undefined))?.sha
  return beforeMove ?? lastCommitOf(top, path, from)
}

const holds = async (top: string, { sha }: CommitName, path: string): Promise<boolean> => {
  const args = ['ls-tree', '--full-tree', sha, '--', path]
  return (await gitText(top, args, { what: 'read the commit of a record' })) !== ''
}

const newestHolding = async (
  top: string,
  path: string,
  from: From,
): Promise<CommitName | undefined> => {
  for (let skip = 0; ; skip += 1) {
    const commit = await newestCommit(top, path, from, skip)
    if (commit === undefined || (await holds(top, commit, path))) return commit
  }
}

/**
 * The same where `from` may lack the record by now: a commit that removed it, such as a revert, does not count either.
 * Throws `GIT_FAILED`.
 */
export const newestCommitOfRecord = async (
  top: string,
  path: string,
  from: From,
): Promise<CommitName | undefined> => {
  const hot = hotPathOf(path)
  const beforeMove = hot === undefined ? undefined : await newestHolding(top, hot, from)
  return beforeMove ?? newestHolding(top, path, from)
}
