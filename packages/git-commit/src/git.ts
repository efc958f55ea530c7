import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { KittyError } from '@kitty/record'

/** How a git command ended. A non-zero exit is a value, not an exception. */
export type GitOutcome = {
  readonly ok: boolean
  readonly pid: number | undefined
  /** The exit status; -1 when a signal or the time limit ended it. */
  readonly exitCode: number
  readonly stdout: Buffer
  readonly stderr: string
}

export type GitOptions = {
  readonly input?: string | Uint8Array
  /** After this many milliseconds git is killed. Default 60 000. */
  readonly timeoutMs?: number
  readonly env?: Readonly<Record<string, string>>
  /** More `-c name=value` settings. */
  readonly config?: readonly string[]
}

const TIMEOUT_MS = 60_000

/** How long to wait for output that somebody else may hold open after git has ended. */
const GRACE_MS = 500

/** What keeps git from running hooks, prompting, and taking locks or the network for queries. */
const SETTINGS = ['core.hooksPath=/dev/null', 'core.quotePath=false']

/**
 * For commands that read the index and do not write it: they do without the user's fsmonitor hook,
 * which may take its time, and the index keeps what it knows of it.
 */
export const UNMONITORED = ['core.fsmonitor=false']

const ENVIRONMENT = {
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  // No transport has this name, so a partial clone cannot fetch what it lacks.
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_NO_LAZY_FETCH: '1',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_EDITOR: ':',
  GIT_ASKPASS: '',
  SSH_ASKPASS: '',
}

// A hook's variables point git at another index or repository; who commits is the user's choice.
const KEPT = /^GIT_(AUTHOR|COMMITTER)_(NAME|EMAIL|DATE)$|^GIT_CONFIG|^GIT_EXEC_PATH$|^GIT_SSL/

const ownEnvironment = (): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_') || KEPT.test(name)),
  )

const notStarted = (cwd: string, cause: unknown): KittyError =>
  new KittyError('GIT_NOT_STARTED', `git could not be started in ${cwd}.`, {
    hint: 'Install git 2.30 or newer and see that it is on the PATH.',
    cause,
  })

const collect = (stream: Readable): Buffer[] => {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  return chunks
}

const start = (cwd: string, args: readonly string[], options: GitOptions) => {
  const settings = [...SETTINGS, ...(options.config ?? [])].flatMap((setting) => ['-c', setting])
  return spawn('git', [...settings, ...args], {
    cwd,
    env: { ...ownEnvironment(), ...ENVIRONMENT, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: options.timeoutMs ?? TIMEOUT_MS,
    killSignal: 'SIGKILL',
    windowsHide: true,
  })
}

/** A hook that git started, fsmonitor say, may outlive it and keep its output open. */
const letGo = (git: ChildProcessWithoutNullStreams): void => {
  const later = setTimeout(() => {
    git.stdout.destroy()
    git.stderr.destroy()
  }, GRACE_MS)
  git.once('close', () => clearTimeout(later))
}

/**
 * Runs git in `cwd`: no shell, no hooks, no prompts, no network, the messages in English.
 *
 * @throws KittyError `GIT_NOT_STARTED` when git is missing or cannot be started; nothing else.
 */
export const runGit = (
  cwd: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitOutcome> =>
  new Promise((resolve, reject) => {
    const git = start(cwd, args, options)
    const [stdout, stderr] = [collect(git.stdout), collect(git.stderr)]
    git.on('error', (cause) => reject(notStarted(cwd, cause)))
    git.on('exit', () => letGo(git))
    git.on('close', (code) =>
      resolve({
        ok: code === 0,
        pid: git.pid,
        exitCode: code ?? -1,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr).toString().trim(),
      }),
    )
    // Git may end before it has read everything; its exit status tells what that means.
    git.stdin.on('error', () => undefined)
    git.stdin.end(options.input ?? '')
  })
