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
 * `undefined` if there is none. One that only moved it to the archive does not count, unless no other contains it.
 * Throws `GIT_FAILED`.
 */
export const newestCommitOfRecord = async (
  top: string,
  path: string,
  from: From,
): Promise<CommitName | undefined> => {
  const hot = hotPathOf(path)
  // The newest commit at the hot path is the one that removed it.
  const beforeMove = hot === undefined ? undefined : await newestCommit(top, hot, from, 1)
  return beforeMove ?? newestCommit(top, path, from)
}

/** The same as `newestCommitOfRecord`, but only the id; `undefined` if git fails. */
export const lastCommitOfRecord = async (
  top: string,
  path: string,
  from = 'HEAD',
): Promise<string | undefined> =>
  (await newestCommitOfRecord(top, path, from).catch(() => undefined))?.sha
