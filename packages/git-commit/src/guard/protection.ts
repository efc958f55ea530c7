import { KittyError } from '@kitty/record'
import { CONFIG_PATH, readConfigFile } from '@kitty/writer/internals'
import { failureFromGit } from '../git/failures.js'
import { ok, type Result, stop, stopOnError } from '../git/result.js'
import { runGit } from '../git/run-git.js'
import type { ProtectionConfig } from './protection-yaml.js'

/** Reads the configuration of a project root. Stops if it is invalid or cannot be read. */
export const readProtectionConfig = async (root: string): Promise<Result<ProtectionConfig>> => {
  try {
    const text = await readConfigFile(root)
    if (text === undefined) return ok({ branches: undefined })
    // Imported on demand: most projects have no such file.
    const { parseProtectionConfig } = await import('./protection-yaml.js')
    return parseProtectionConfig(text, CONFIG_PATH)
  } catch (error) {
    if (!(error instanceof KittyError)) return stopOnError(error)
    const { code, message, hint } = error
    return stop({ status: 'refused', code, message, hint })
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

const composed = (name: string): string => name.normalize('NFC')

/**
 * Whether the branch has one of these names, in whatever Unicode form. Ignores letter case if git does
 * (`core.ignoreCase`).
 */
const isAmong = async (
  names: readonly string[],
  { top, branch }: ProtectionContext,
): Promise<boolean> => {
  const [wanted, listed] = [composed(branch), names.map(composed)]
  if (listed.includes(wanted)) return true
  const lower = wanted.toLowerCase()
  if (!listed.some((name) => name.toLowerCase() === lower)) return false
  const answer = await runGit(top, ['config', '--type=bool', '--default=false', 'core.ignoreCase'])
  return answer.stdout.toString().trim() !== 'false'
}

/** Lists the default branches of the remotes. Stops if git fails. */
const remoteDefaults = async (top: string): Promise<Result<readonly string[]>> => {
  const format = '--format=%(refname) %(symref)'
  const answer = await runGit(top, ['for-each-ref', format, REMOTE_HEADS])
  if (!answer.ok) return stop(failureFromGit(answer))
  const heads = answer.stdout.toString().split('\n')
  return ok(heads.flatMap((line) => defaultBranchOf(line) ?? []))
}

/**
 * Lists the branches that are protected if the project has no list: `main`, `master` and the default branch of each
 * remote. If git cannot list those, or outside git, only `main` and `master`.
 */
export const protectedByDefault = async (cwd: string): Promise<readonly string[]> => {
  const names = await remoteDefaults(cwd).catch(stopOnError)
  return [...new Set([...ALWAYS, ...(names.ok ? names.value : [])])]
}

const byRemote = async (question: ProtectionContext): Promise<Result<Protection>> => {
  const names = await remoteDefaults(question.top)
  if (!names.ok) return names
  const isDefault = await isAmong(names.value, question)
  return ok(isDefault ? { because: 'it is the default branch of a remote' } : OPEN)
}

/**
 * Decides whether a branch is protected: by the list in the project's configuration, used exactly; without a list,
 * if it is `main`, `master` or the default branch of a remote. The environment can allow commits to all branches.
 */
export const protectionOf = async (question: ProtectionContext): Promise<Result<Protection>> => {
  const { root, env = process.env } = question
  if (env[ALLOW_PROTECTED] === '1') return ok(OPEN)
  const config = await readProtectionConfig(root)
  if (!config.ok) return config
  const { branches } = config.value
  if (await isAmong(branches ?? ALWAYS, question)) {
    return ok({ because: branches ? `${CONFIG_PATH} lists it` : 'main and master are by default' })
  }
  return branches ? ok(OPEN) : byRemote(question)
}
