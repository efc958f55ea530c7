import { KittyError } from '@kitty/record'
import type { CommitResult } from '@kitty/writer'
import { CONFIG_PATH, readConfigFile } from '@kitty/writer/internals'
import { failureFromError, failureFromGit, isFailure } from '../git/failures.js'
import { runGit } from '../git/run-git.js'
import type { ProtectionConfig } from './protection-yaml.js'

/** Reads the configuration of a project root. Returns a result if it is invalid or cannot be read. */
export const readProtectionConfig = async (
  root: string,
): Promise<ProtectionConfig | CommitResult> => {
  try {
    const text = await readConfigFile(root)
    if (text === undefined) return { branches: undefined }
    // Imported on demand: most projects have no such file.
    const { parseProtectionConfig } = await import('./protection-yaml.js')
    return parseProtectionConfig(text, CONFIG_PATH)
  } catch (error) {
    if (!(error instanceof KittyError)) return failureFromError(error)
    return { status: 'refused', code: error.code, message: error.message, hint: error.hint }
  }
}

/** The environment variable that allows commits to protected branches if it is `1`. */
export const ALLOW_PROTECTED = 'SPEC_KITTY_ALLOW_PROTECTED_BRANCH_COMMITS'

const ALWAYS = ['main', 'master']

/** One branch in one project. */
type ProtectionContext = {
  /** The project root, whose configuration counts. */
  readonly root: string
  /** The top of its work tree. */
  readonly top: string
  readonly branch: string
  readonly env?: NodeJS.ProcessEnv
}

/** Why a branch is protected, as a clause that fits in parentheses; `undefined` if it is not protected. */
type Protection = { readonly because: string | undefined }

const OPEN: Protection = { because: undefined }

/** Returns the branch in a line of `refs/remotes/<remote>/HEAD refs/remotes/<remote>/<branch>`. */
const defaultBranchOf = (line: string): string | undefined => {
  const [head = '', target = ''] = line.split(' ')
  const folder = head.slice(0, -'HEAD'.length)
  return folder !== '' && target.startsWith(folder) ? target.slice(folder.length) : undefined
}

/** Matches every remote, also one with a slash in its name. */
const REMOTE_HEADS = 'refs/remotes/**/HEAD'

/** Whether the branch has one of these names. Ignores letter case if git does (`core.ignoreCase`). */
const isAmong = async (
  names: readonly string[],
  { top, branch }: ProtectionContext,
): Promise<boolean> => {
  if (names.includes(branch)) return true
  const lower = branch.toLowerCase()
  if (!names.some((name) => name.toLowerCase() === lower)) return false
  const answer = await runGit(top, ['config', '--type=bool', '--default=false', 'core.ignoreCase'])
  return answer.stdout.toString().trim() !== 'false'
}

/** Lists the default branches of the remotes. Returns a result if git fails. */
const remoteDefaults = async (top: string): Promise<readonly string[] | CommitResult> => {
  const format = '--format=%(refname) %(symref)'
  const answer = await runGit(top, ['for-each-ref', format, REMOTE_HEADS])
  if (!answer.ok) return failureFromGit(answer)
  const heads = answer.stdout.toString().split('\n')
  return heads.flatMap((line) => defaultBranchOf(line) ?? [])
}

/**
 * Lists the branches that are protected if the project has no list: `main`, `master` and the default branch of each
 * remote. If git cannot list those, or outside git, only `main` and `master`.
 */
export const protectedByDefault = async (cwd: string): Promise<readonly string[]> => {
  const names = await remoteDefaults(cwd).catch(() => [])
  return [...new Set([...ALWAYS, ...('status' in names ? [] : names)])]
}

const byRemote = async (question: ProtectionContext): Promise<Protection | CommitResult> => {
  const names = await remoteDefaults(question.top)
  if ('status' in names) return names
  return (await isAmong(names, question))
    ? { because: 'it is the default branch of a remote' }
    : OPEN
}

/**
 * Decides whether a branch is protected: by the list in the project's configuration, used exactly; without a list,
 * if it is `main`, `master` or the default branch of a remote. The environment can allow commits to all branches.
 */
export const protectionOf = async (
  question: ProtectionContext,
): Promise<Protection | CommitResult> => {
  const { root, env = process.env } = question
  if (env[ALLOW_PROTECTED] === '1') return OPEN
  const config = await readProtectionConfig(root)
  if (isFailure(config)) return config
  if (await isAmong(config.branches ?? ALWAYS, question)) {
    return {
      because: config.branches ? `${CONFIG_PATH} lists it` : 'main and master are by default',
    }
  }
  return config.branches ? OPEN : byRemote(question)
}
