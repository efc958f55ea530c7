import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { canonicalPath } from '../fs/folder.js'
import { findWorkTree, mainTopOf, type WorkTree } from './git-dir.js'

const linkedTop = async (folder: string): Promise<string[]> => {
  const pointer = await readFile(join(folder, 'gitdir'), 'utf8').catch(() => '')
  return pointer.trim() === '' ? [] : [dirname(resolve(folder, pointer.trim()))]
}

const linkedTops = async ({ commonDir }: WorkTree): Promise<string[]> => {
  const folder = join(commonDir, 'worktrees')
  const names = await readdir(folder).catch(() => [])
  return (await Promise.all(names.map((name) => linkedTop(join(folder, name))))).flat()
}

/**
 * Finds the same project root in every existing work tree of its repository, its own first. Outside git, returns
 * only the root itself. Reads git's files, without running git.
 */
export const rootsInWorkTrees = async (root: string): Promise<readonly string[]> => {
  const real = canonicalPath(root)
  const own = await findWorkTree(real)
  if (own === undefined) return [real]
  const main = mainTopOf(own.commonDir) ?? []
  const tops = [own.top, main, ...(await linkedTops(own))].flat()
  const trees = await Promise.all(tops.map((top) => findWorkTree(top)))
  const known = trees.filter((tree) => tree !== undefined)
  const same = known.filter(({ commonDir }) => commonDir === own.commonDir)
  const below = relative(own.top, real)
  return [...new Set(same.map(({ top }) => join(top, below)))]
}
