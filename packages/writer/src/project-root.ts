import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { findWorkTree } from './git-dir.js'
import { OPS_DIR } from './layout.js'
import { realFolder } from './real-folder.js'

const MARKERS = ['.kittify', OPS_DIR]

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() ?? false

const isMarked = async (folder: string): Promise<boolean> => {
  const found = await Promise.all(MARKERS.map((name) => isFolder(join(folder, name))))
  return found.includes(true)
}

const nearestMarked = async (folder: string, top: string): Promise<string | undefined> => {
  if (await isMarked(folder)) return folder
  const parent = dirname(folder)
  return folder === top || parent === folder ? undefined : nearestMarked(parent, top)
}

/**
 * The project root for a folder: the nearest folder upwards that holds `.kittify/` or `kitty-ops/`,
 * never above the top of the git work tree; else that top; else, outside git, the folder itself.
 * Absolute, symbolic links resolved.
 */
export const findProjectRoot = async (cwd: string): Promise<string> => {
  const folder = realFolder(cwd)
  const top = (await findWorkTree(folder))?.top
  return (await nearestMarked(folder, top ?? '')) ?? top ?? folder
}
