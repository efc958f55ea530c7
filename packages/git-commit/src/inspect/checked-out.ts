import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { readTip, tryRead } from '../repository/head.js'
import { readWorkTree } from '../repository/work-tree.js'

/** What is checked out, and the operation in progress, if any. */
export type CheckedOut = {
  /** `undefined` on a detached HEAD. */
  readonly branch: string | undefined
  /** An operation during which no Op is committed, such as a rebase: the `reason` and `message` of the result. */
  readonly operation?: { readonly reason: string; readonly message: string }
}

/** Reads what is checked out at a project root. Returns `undefined` outside git. */
export const readCheckedOut = async (
  root: string,
  env?: NodeJS.ProcessEnv,
): Promise<CheckedOut | undefined> => {
  const workTree = await readWorkTree(root, env)
  if (workTree === undefined) return undefined
  const { head, inProgress } = workTree
  const branch = head.kind === 'branch' ? head.branch : undefined
  if (inProgress === undefined) return { branch }
  const { reason, message } = inProgress
  return { branch, operation: { reason, message } }
}

/**
 * Identifies the version of what is checked out and staged: it differs once git has changed HEAD, its tip or the index.
 * Returns `undefined` outside git, and if HEAD cannot be read.
 */
export const checkoutVersion = async (root: string): Promise<string | undefined> => {
  try {
    const workTree = await readWorkTree(root)
    if (workTree === undefined) return undefined
    const { head, gitDir } = workTree
    const index = tryRead(() => lstatSync(join(gitDir, 'index'), { bigint: true }))
    const tip = await readTip(workTree, head)
    return [...Object.values(head), tip, index?.ino, index?.mtimeNs, index?.size].join(' ')
  } catch {
    return undefined
  }
}
