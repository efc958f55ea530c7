import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { asArguments, asVariables, gitEnvironment, SETTINGS } from './environment.js'

/** What a git process gets beside its arguments. */
export type Invocation = {
  /** Added to git's environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Additional `-c name=value` settings. */
  readonly config?: readonly string[]
}

const isGitDirectory = (folder: string): boolean =>
  ['HEAD', 'objects', 'refs'].every((name) => existsSync(join(folder, name))) &&
  !existsSync(join(folder, '.git'))

/**
 * With `safe.bareRepository=explicit`, git uses a bare repository only if it is named, as the caller of `runGit` does.
 * Unlike `--git-dir`, this setting leaves git's check of the owner on.
 */
const BARE = ['safe.bareRepository=all']

/** Returns the arguments and options common to every git process. */
export const invocation = (
  cwd: string,
  args: readonly string[],
  { config = [], env = {} }: Invocation = {},
) => {
  const own = gitEnvironment()
  const settings = [...SETTINGS, ...(isGitDirectory(cwd) ? BARE : []), ...config]
  return {
    args: [...asArguments(settings), ...args],
    options: { env: { ...own, ...asVariables(settings, own), ...env }, windowsHide: true },
  }
}
