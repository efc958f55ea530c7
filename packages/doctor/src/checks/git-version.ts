import { gitHealth, OLDEST_GIT } from '@kitty/git-commit/inspect'
import type { Check, Finding } from '../check/check.js'
import { isCommitting } from '../facts/work-tree.js'

const finding = (severity: Finding['severity'], message: string): Finding => ({
  id: gitVersion.id,
  severity,
  message,
  fixable: false,
  next: [],
})

/** A git that is missing, or too old to commit Ops. */
export const gitVersion: Check = {
  id: 'git-version',
  run: async (context) => {
    if (!(await isCommitting(context))) return []
    const git = await gitHealth(context.ops.root)
    const install = `Install git ${OLDEST_GIT} or newer and put it on the PATH.`
    if (git.state === 'missing') {
      const message = `git cannot be started, so nothing is committed; records are still kept. ${install}`
      return [finding('error', message)]
    }
    if (git.state === 'fit') return []
    const message = `git ${git.version} is too old: commits can fail, and Ops then stay pending. ${install}`
    return [finding('warning', message)]
  },
}
