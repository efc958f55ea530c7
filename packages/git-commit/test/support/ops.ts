import { type Completion, type Ops, type OpsOptions, openOps, type StartedOp } from '@kitty/writer'
import { directGit } from '../../src/direct-git.js'
import type { DirectGitOptions } from '../../src/direct-git-options.js'

const REQUEST = {
  profile_id: 'debugger-debbie',
  action: 'investigate',
  request_text: 'Why does it fail?',
  actor: 'operator',
}

/** A store that commits with direct git, quickly: nothing is synced, and locks are not waited for long. */
export const storeAt = (
  { path }: { readonly path: string },
  options: DirectGitOptions = {},
  more: Partial<OpsOptions> = {},
): Promise<Ops> =>
  openOps({
    root: path,
    strategy: directGit({ lockTimeoutMs: 100, ...options }),
    durability: 'process',
    ...more,
  })

export const startOne = (ops: Ops): Promise<StartedOp> => ops.start(REQUEST)

/** Opens an Op and closes it at once. */
export const closeOne = async (ops: Ops): Promise<Completion> => {
  const { id } = await startOne(ops)
  return ops.complete(id, { outcome: 'done' })
}

/** The result of a commit in one word: its status, or its reason or code. */
export const answerOf = ({ commit }: Pick<Completion, 'commit'>): string => {
  if ('reason' in commit) return commit.reason
  return 'code' in commit ? commit.code : commit.status
}
