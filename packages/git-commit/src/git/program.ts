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

/** Windows allows quotation marks around an entry of the `PATH`. */
const foldersOf = (path: string): string[] =>
  path.split(delimiter).map((folder) => folder.replace(/^"(.*)"$/, '$1'))

const lookUp = (path: string): string | undefined =>
  foldersOf(path)
    .filter((folder) => isAbsolute(folder))
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find(canRun)

let known: { readonly path: string; readonly program: string } | undefined

/**
 * Returns the absolute path of the first git on the `PATH`, or `undefined` if there is none. A bare name or a
 * relative folder would be resolved from the folder where git is started, which contains files that others have
 * committed. The result is cached for each value of `PATH`, which saves every start a search.
 */
export const gitProgram = (): string | undefined => {
  const { PATH = '' } = process.env
  if (known?.path === PATH && canRun(known.program)) return known.program
  const program = lookUp(PATH)
  known = program === undefined ? undefined : { path: PATH, program }
  return program
}
