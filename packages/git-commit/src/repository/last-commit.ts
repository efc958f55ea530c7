import { gitText } from '../git/query.js'

/** A commit, as people look for it. */
export type CommitName = { readonly sha: string; readonly subject: string }

export const newestCommit = async (
  top: string,
  path: string,
  from: string,
): Promise<CommitName | undefined> => {
  const args = ['rev-list', '-1', '--format=%s', '--encoding=UTF-8', from, '--', path]
  const answer = await gitText(top, args, { what: 'look for the commit of a record' })
  const [, sha, subject = ''] = /^commit (\w+)\n(.*)/.exec(answer) ?? []
  return sha === undefined ? undefined : { sha, subject }
}

/**
 * The newest commit reachable from a commit that changed a path (relative to `top`, with `/`), or
 * undefined when there is none or git cannot say.
 */
export const lastCommitOf = async (
  top: string,
  path: string,
  from = 'HEAD',
): Promise<string | undefined> => (await newestCommit(top, path, from).catch(() => undefined))?.sha
