import { stat } from 'node:fs/promises'
import { homedir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { canonicalPath } from '../fs/folder.js'
import { findUnreachableTop, findWorkTree } from './git-dir.js'
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

/** The home folder from the environment and from the system, which can differ. */
const homes = (): readonly (string | undefined)[] => [
  folderOf(homedir),
  folderOf(() => userInfo().homedir),
]

/** The home folder, or the top of a disk: markers that other tools leave there do not make it a project. */
const isHomeOrDiskTop = (folder: string): boolean =>
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
 * Finds the project root of a folder: the nearest folder upwards that contains `.kittify/` or `kitty-ops/`, but not
 * above the top of the git work tree; otherwise that top; otherwise, outside git, the folder itself. Outside git,
 * the home folder and the top of a disk are a root only if they are the folder itself. Returns an absolute path
 * with symbolic links resolved.
 */
export const findProjectRoot = async (cwd: string): Promise<string> => {
  const folder = canonicalPath(cwd)
  const top = (await findWorkTree(folder))?.top ?? (await findUnreachableTop(folder))
  const mayBeRoot: MayBeRoot = (found) =>
    top !== undefined || found === folder || !isHomeOrDiskTop(found)
  return (await nearestMarked(folder, top, mayBeRoot)) ?? top ?? folder
}
