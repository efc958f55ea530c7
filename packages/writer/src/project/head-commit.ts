import { existsSync, lstatSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { findWorkTree, type WorkTree } from './git-dir.js'

/** Git follows at most this many symbolic refs. */
const MAX_SYMREFS = 5

const ID = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/

/** Whether a name can be that of a ref, and leads to no file outside of the git directory. */
export const isRefName = (name: string): boolean =>
  name.startsWith('refs/') && !/\.\.|[\p{Cc} \\]/u.test(name)

/** Refs that each work tree has for itself. */
const PER_WORK_TREE = /^(?:HEAD$|refs\/(?:bisect|worktree|rewritten)\/)/

const textOf = (path: string): string | undefined => {
  try {
    // Under `core.preferSymlinkRefs`, a symbolic ref is a symbolic link, dangling if the branch is packed.
    const target = lstatSync(path).isSymbolicLink() ? readlinkSync(path) : ''
    return target.startsWith('refs/') ? `ref: ${target}` : readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}

const packed = (commonDir: string, ref: string): string | undefined => {
  const lines = textOf(join(commonDir, 'packed-refs'))?.split('\n') ?? []
  return lines.find((line) => line.endsWith(` ${ref}`))?.split(' ', 1)[0]
}

const follow = (tree: WorkTree, ref: string, left: number): string | undefined => {
  const dir = PER_WORK_TREE.test(ref) ? tree.gitDir : tree.commonDir
  // The file first: `git pack-refs` deletes it only after it has written the other one. If it is empty, the ref is damaged.
  const text = textOf(join(dir, ...ref.split('/'))) ?? packed(tree.commonDir, ref)
  if (text === undefined) return ref.startsWith('refs/heads/') ? '' : undefined
  if (!text.startsWith('ref:')) return ID.test(text) ? text : undefined
  const target = text.slice('ref:'.length).trim()
  return left > 0 && isRefName(target) ? follow(tree, target, left - 1) : undefined
}

const isReftable = ({ commonDir }: WorkTree): boolean => existsSync(join(commonDir, 'reftable'))

/** Whether only git can read the refs of a folder's repository, because it keeps them in the reftable format. */
export const hasReftable = async (root: string): Promise<boolean> => {
  const tree = await findWorkTree(root)
  return tree !== undefined && isReftable(tree)
}

/**
 * Reads the commit at HEAD from the files of the git directory, without running git. Returns an empty text on an unborn
 * branch, and `undefined` if the files do not have it: in the reftable format, only git can read refs.
 */
export const headCommitInFiles = (tree: WorkTree): string | undefined =>
  isReftable(tree) ? undefined : follow(tree, 'HEAD', MAX_SYMREFS)
