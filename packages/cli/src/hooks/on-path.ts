import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const ENDINGS = process.platform === 'win32' ? ['.cmd', '.exe', '.bat'] : ['']

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Whether a shell with this `PATH` finds a program. */
export const isOnPath = (program: string, path: string): boolean =>
  path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .some((folder) => ENDINGS.some((ending) => isExecutable(join(folder, program + ending))))
