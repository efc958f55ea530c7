import type { Check } from '../check/check.js'
import { identityProblem } from '../facts/commit-obstacle.js'
import { isCommittingToHead } from '../facts/work-tree.js'

/** A git without a name or an address for commits: every Op that is closed stays pending. */
export const noIdentity: Check = {
  id: 'no-identity',
  run: async (context) => {
    const words = (await isCommittingToHead(context)) ? await identityProblem(context) : undefined
    if (words === undefined) return []
    const message = `git does not know who is committing here (${words}), so closed Ops stay pending. Set user.name and user.email.`
    return [
      {
        id: noIdentity.id,
        severity: 'warning',
        message,
        fixable: false,
        next: [{ verb: 'git-config-edit' }],
      },
    ]
  },
}
