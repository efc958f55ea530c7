import { accessSync, constants } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

const ENDINGS = process.platform === 'win32' ? ['.cmd', '.exe', '.bat'] : ['']

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const foldersOf = (path: string): readonly string[] =>
  path.split(delimiter).filter((folder) => folder !== '')

const findIn = (program: string, folders: readonly string[]): string | undefined =>
  folders
    .flatMap((folder) => ENDINGS.map((ending) => join(folder, program + ending)))
    .find(isExecutable)

/** Whether a shell with this `PATH` finds a program. */
export const isOnPath = (program: string, path: string): boolean =>
  findIn(program, foldersOf(path)) !== undefined

/**
 * The absolute path of a program on a `PATH`. Started by its name, Windows would first look for it in the current folder,
 * which can belong to someone else.
 */
export const findOnPath = (program: string, path: string): string | undefined =>
  findIn(program, foldersOf(path).filter(isAbsolute))
