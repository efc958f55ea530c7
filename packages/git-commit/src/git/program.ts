import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

const NAMES = process.platform === 'win32' ? ['git.exe', 'git.com'] : ['git']

const canRun = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** Windows allows quotation marks around a folder. */
const foldersOf = (path: string): string[] =>
  path.split(delimiter).map((folder) => folder.replace(/^"(.*)"$/, '$1'))

const lookUp = (path: string): string | undefined =>
  foldersOf(path)
    .filter((folder) => isAbsolute(folder))
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find(canRun)

let known: { readonly path: string; readonly program: string } | undefined

/**
 * What to start as git: the first on the PATH, by its whole name. A bare name, or a folder that is relative,
 * would be looked up from the folder where git is started, and there lies what others have committed. One
 * look for each value of PATH spares every start a try in each folder before the right one.
 */
export const gitProgram = (): string | undefined => {
  const { PATH = '' } = process.env
  if (known?.path === PATH && canRun(known.program)) return known.program
  const program = lookUp(PATH)
  known = program === undefined ? undefined : { path: PATH, program }
  return program
}
