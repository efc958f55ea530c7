import { stat } from 'node:fs/promises'
import { homedir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { canonicalPath } from '../fs/folder.js'
import { findWorkTree } from './git-dir.js'
import { OPS_DIR } from './paths.js'

const MARKERS = ['.kittify', OPS_DIR]

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() ?? false

const isMarked = async (folder: string): Promise<boolean> => {
  const found = await Promise.all(MARKERS.map((name) => isFolder(join(folder, name))))
  return found.includes(true)
}

const folderOf = (ask: () => string): string | undefined => {
  try {
    const folder = ask()
    return folder === '' ? undefined : canonicalPath(folder)
  } catch {
    return undefined
  }
}

/** The home folder, as the environment says and as the system does: a program may be given another one. */
const homes = (): readonly (string | undefined)[] => [
  folderOf(homedir),
  folderOf(() => userInfo().homedir),
]

/** What other tools keep in the home folder, or at the top of a disk, makes no project of all that is below. */
const holdsEverything = (folder: string): boolean =>
  dirname(folder) === folder || homes().includes(folder)

type MayBeRoot = (folder: string) => boolean

const nearestMarked = async (
  folder: string,
  top: string | undefined,
  mayBeRoot: MayBeRoot,
): Promise<string | undefined> => {
  if ((await isMarked(folder)) && mayBeRoot(folder)) return folder
  const parent = dirname(folder)
  return folder === top || parent === folder ? undefined : nearestMarked(parent, top, mayBeRoot)
}

/**
 * The project root for a folder: the nearest folder upwards that holds `.kittify/` or `kitty-ops/`,
 * never above the top of the git work tree; else that top; else, outside git, the folder itself. Outside
 * git, the home folder and the top of a disk are a root only where they are the folder itself.
 * Absolute, symbolic links resolved.
 */
export const findProjectRoot = async (cwd: string): Promise<string> => {
  const folder = canonicalPath(cwd)
  const top = (await findWorkTree(folder))?.top
  const mayBeRoot: MayBeRoot = (found) =>
    top !== undefined || found === folder || !holdsEverything(found)
  return (await nearestMarked(folder, top, mayBeRoot)) ?? top ?? folder
}
