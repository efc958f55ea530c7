import { type ExecFileException, execFile } from 'node:child_process'
import { isolateGit } from './isolate-git.js'

/** The exit code of a git command, and its outputs without their last line feed. */
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

const MAX_OUTPUT = 2 ** 28

const exitCodeOf = (error: ExecFileException | null): number => {
  if (error === null) return 0
  return typeof error.code === 'number' ? error.code : -1
}

const withoutLineFeed = (text: string): string => text.replace(/\r?\n$/, '')

/**
 * Runs git in a folder as its user would, but without editors and prompts. Returns any exit code; -1 if git does not
 * start or a signal ends it.
 */
export const tryGitIn = (
  folder: string,
  args: readonly string[],
  options: GitRunOptions = {},
): Promise<GitRun> => {
  isolateGit()
  const env = { ...process.env, ...QUIET, ...options.env }
  return new Promise((resolve) => {
    const how = { cwd: folder, env, maxBuffer: MAX_OUTPUT, windowsHide: true }
    const child = execFile('git', args, how, (error, stdout, stderr) => {
      const [out, messages] = [stdout, stderr].map(withoutLineFeed)
      resolve({ exitCode: exitCodeOf(error), stdout: out ?? '', stderr: messages ?? '' })
    })
    // A git that does not read its input can end first.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(options.input ?? '')
  })
}

/** Runs git as `tryGitIn` does. Returns its standard output. Throws with git's message if it fails. */
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
