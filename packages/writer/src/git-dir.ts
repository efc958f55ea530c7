import { readFile, realpath, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { realFolder } from './real-folder.js'

/** A git work tree, all paths absolute and with symbolic links resolved. */
export type WorkTree = {
  /** The top folder of the work tree. */
  readonly top: string
  /** Its own git directory; in a linked worktree the one under `worktrees/`. */
  readonly gitDir: string
  /** The git directory that all worktrees share; the same as `gitDir` in the main one. */
  readonly commonDir: string
}

type Kind = 'folder' | 'file' | undefined

const kindOf = async (path: string): Promise<Kind> => {
  const info = await stat(path).catch(() => undefined)
  if (info?.isDirectory() === true) return 'folder'
  return info?.isFile() === true ? 'file' : undefined
}

/** The shared directory of a git directory; `undefined` when the folder is no git directory. */
const commonDirOf = async (gitDir: string): Promise<string | undefined> => {
  if ((await readFile(join(gitDir, 'HEAD'), 'utf8').catch(() => '')) === '') return undefined
  const shared = await readFile(join(gitDir, 'commondir'), 'utf8').catch(() => '.')
  const commonDir = resolve(gitDir, shared.trimEnd())
  return (await kindOf(join(commonDir, 'objects'))) === 'folder' ? commonDir : undefined
}

const workTreeAt = async (top: string, gitDir: string): Promise<WorkTree | undefined> => {
  const commonDir = await commonDirOf(gitDir)
  if (commonDir === undefined) return undefined
  return { top, gitDir: await realpath(gitDir), commonDir: await realpath(commonDir) }
}

const POINTER = /^gitdir: (.+?)[\r\n]*$/

const followPointer = async (top: string): Promise<WorkTree | undefined> => {
  const text = await readFile(join(top, '.git'), 'utf8').catch(() => '')
  const target = POINTER.exec(text)?.[1]
  return target === undefined ? undefined : workTreeAt(top, resolve(top, target))
}

const climb = async (folder: string): Promise<WorkTree | undefined> => {
  const kind = await kindOf(join(folder, '.git'))
  // As git does: a pointer that leads nowhere ends the search, a folder that is no repository does not.
  if (kind === 'file') return followPointer(folder)
  const found = kind && (await workTreeAt(folder, join(folder, '.git')))
  if (found) return found
  // Inside a bare repository, or inside `.git` itself, there is no work tree.
  if ((await commonDirOf(folder)) !== undefined) return undefined
  const parent = dirname(folder)
  return parent === folder ? undefined : climb(parent)
}

/**
 * The work tree that holds a folder, found by reading `.git` without starting git; `undefined` outside
 * git, in a bare repository, and where `.git` points nowhere. Environment variables play no part.
 */
export const findWorkTree = async (folder: string): Promise<WorkTree | undefined> =>
  climb(await realFolder(folder))
