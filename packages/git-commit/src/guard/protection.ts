import { KittyError } from '@kitty/record'
import { CONFIG_PATH, type CommitResult, readConfigFile } from '@kitty/writer'
import { failureFromError, failureFromGit, isFailure } from '../git/failures.js'
import { runGit } from '../git/run-git.js'
import type { ProtectionConfig } from './protection-yaml.js'

/** Reads the file of a project root, or gives the result that says why it cannot be relied on. */
export const readProtectionConfig = async (
  root: string,
): Promise<ProtectionConfig | CommitResult> => {
  try {
    const text = await readConfigFile(root)
    if (text === undefined) return { branches: undefined }
    // Most projects have no such file, and need not load what reads it.
    const { parseProtectionConfig } = await import('./protection-yaml.js')
    return parseProtectionConfig(text, CONFIG_PATH)
  } catch (error) {
    if (!(error instanceof KittyError)) return failureFromError(error)
    return { status: 'refused', code: error.code, message: error.message, hint: error.hint }
  }
}

/** The variable that opens protected branches, with the value `1`. */
export const ALLOW_PROTECTED = 'SPEC_KITTY_ALLOW_PROTECTED_BRANCH_COMMITS'

const ALWAYS = ['main', 'master']

/** What is asked: one branch, in one project. */
type ProtectionContext = {
  /** The project root, whose configuration counts. */
  readonly root: string
  /** The top of its work tree. */
  readonly top: string
  readonly branch: string
  readonly env?: NodeJS.ProcessEnv
}

/** Whether the branch is protected, and by what, in words that follow "because". */
type Protection = { readonly because: string | undefined }

const OPEN: Protection = { because: undefined }

/** `refs/remotes/<remote>/HEAD` points at `refs/remotes/<remote>/<branch>`. */
const defaultBranchOf = (line: string): string | undefined => {
  const [head = '', target = ''] = line.split(' ')
  const folder = head.slice(0, -'HEAD'.length)
  return folder !== '' && target.startsWith(folder) ? target.slice(folder.length) : undefined
}

/** Of every remote, also of one with a slash in its name. */
const REMOTE_HEADS = 'refs/remotes/**/HEAD'

/** Whether one of these names is the branch's: in other letters, too, where files of either name are one file. */
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

const byRemote = async (question: ProtectionContext): Promise<Protection | CommitResult> => {
  const format = '--format=%(refname) %(symref)'
  const answer = await runGit(question.top, ['for-each-ref', format, REMOTE_HEADS])
  if (!answer.ok) return failureFromGit(answer)
  const heads = answer.stdout.toString().split('\n')
  const names = heads.flatMap((line) => defaultBranchOf(line) ?? [])
  return (await isAmong(names, question))
    ? { because: 'it is the default branch of a remote' }
    : OPEN
}

/**
 * The one place that decides what is protected: the list in the project's configuration, used exactly;
 * without one `main`, `master` and the default branch of every remote. The environment opens all.
 */
export const protectionOf = async (
  question: ProtectionContext,
): Promise<Protection | CommitResult> => {
  const { root, env = process.env } = question
  if (env[ALLOW_PROTECTED] === '1') return OPEN
  const config = await readProtectionConfig(root)
  if (isFailure(config)) return config
  if (await isAmong(config.branches ?? ALWAYS, question)) {
    return { because: config.branches ? `${CONFIG_PATH} lists it` : 'main and master are' }
  }
  return config.branches ? OPEN : byRemote(question)
}
