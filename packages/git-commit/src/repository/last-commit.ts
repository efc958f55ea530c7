import { gitText } from '../git/query.js'

/** The id and the subject of a commit. */
export type CommitName = { readonly sha: string; readonly subject: string }

/** Finds the newest commit that changed a path, after skipping `skip` newer ones. Throws `GIT_FAILED`. */
export const newestCommit = async (
  top: string,
  path: string,
  from: string,
  skip = 0,
): Promise<CommitName | undefined> => {
  const args = [
    'rev-list',
    '-1',
    `--skip=${skip}`,
    '--format=%s',
    '--encoding=UTF-8',
    from,
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
