import { identityError } from '@kitty/git-commit'
import type { Check } from '../check/check.js'
import { isCommitting } from '../facts/work-tree.js'

/** A git that does not know who commits: every Op that is closed stays pending then. */
export const noIdentity: Check = {
  id: 'no-identity',
  run: async (context) => {
    const words = (await isCommitting(context)) ? await identityError(context.ops.root) : undefined
    if (words === undefined) return []
    const message = `git does not know whose name to put on a commit (${words}), so that closed Ops stay pending. Tell it, with git config: user.name and user.email`
    return [{ id: noIdentity.id, severity: 'warning', message, fixable: false }]
  },
}
