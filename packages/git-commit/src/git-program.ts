import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

const PROGRAM = 'git'

const canRun = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

const lookUp = (path: string): string => {
  // Windows has its own rules for what a name stands for.
  const folders = process.platform === 'win32' ? [] : path.split(delimiter)
  const first = folders.find((folder) => !isAbsolute(folder) || canRun(join(folder, PROGRAM)))
  return first !== undefined && isAbsolute(first) ? join(first, PROGRAM) : PROGRAM
}

let known: { readonly path: string; readonly program: string } | undefined

/**
 * What to start as git. Looking it up once for each value of PATH spares every start a try in each folder
 * before the right one; whatever is not plain is left to the system.
 */
export const gitProgram = (): string => {
  const { PATH = '' } = process.env
  if (known?.path !== PATH || (isAbsolute(known.program) && !canRun(known.program))) {
    known = { path: PATH, program: lookUp(PATH) }
  }
  return known.program
}
