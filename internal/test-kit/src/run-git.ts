import { execa } from 'execa'
import { isolateGit } from './isolate-git.js'

/** How a git command ended; both outputs without their last line feed. */
export type GitRun = {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export type GitRunOptions = {
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
}

const QUIET = { LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_EDITOR: ':', GIT_OPTIONAL_LOCKS: '0' }

/** Runs git in a folder, as its user would, but for editors and prompts. A non-zero exit is a value. */
export const tryGitIn = async (
  folder: string,
  args: readonly string[],
  options: GitRunOptions = {},
): Promise<GitRun> => {
  isolateGit()
  const { exitCode, stdout, stderr } = await execa('git', args, {
    cwd: folder,
    env: { ...QUIET, ...options.env },
    input: options.input ?? '',
    reject: false,
    stripFinalNewline: true,
  })
  return { exitCode: exitCode ?? -1, stdout, stderr }
}

/** The same, giving standard output; it throws with git's own words where git fails. */
export const gitIn = async (
  folder: string,
  args: readonly string[],
  options: GitRunOptions = {},
): Promise<string> => {
  const { exitCode, stdout, stderr } = await tryGitIn(folder, args, options)
  if (exitCode !== 0)
    throw new Error(`git ${args.join(' ')} exited ${exitCode}: ${stderr}${stdout}`)
  return stdout
}
