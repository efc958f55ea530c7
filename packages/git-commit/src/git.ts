import { KittyError } from '@kitty/record'
import { execa } from 'execa'

/** How a git command ended. A non-zero exit is a value, not an exception. */
export type GitOutcome = {
  readonly ok: boolean
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

/** What keeps git from running hooks, prompting, and taking locks or the network for queries. */
const SETTINGS = ['core.hooksPath=/dev/null', 'core.quotePath=false']

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

/**
 * Runs git in `cwd`: no shell, no hooks, no prompts, no network, the messages in English.
 *
 * @throws KittyError `GIT_NOT_STARTED` when git is missing or cannot be started; nothing else.
 */
export const runGit = async (
  cwd: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitOutcome> => {
  const settings = [...SETTINGS, ...(options.config ?? [])].flatMap((setting) => ['-c', setting])
  const result = await execa('git', [...settings, ...args], {
    cwd,
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    env: { ...ownEnvironment(), ...ENVIRONMENT, ...options.env },
    extendEnv: false,
    encoding: 'buffer',
    reject: false,
    stripFinalNewline: false,
    timeout: options.timeoutMs ?? TIMEOUT_MS,
    forceKillAfterDelay: 2_000,
    windowsHide: true,
  })
  if (result.exitCode === undefined && !result.timedOut && !result.isTerminated) {
    throw notStarted(cwd, result.cause)
  }
  return {
    ok: result.exitCode === 0,
    exitCode: result.exitCode ?? -1,
    stdout: Buffer.from(result.stdout),
    stderr: Buffer.from(result.stderr).toString().trim(),
  }
}
