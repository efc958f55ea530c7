import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import type { EventEmitter } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { KittyError } from '@kitty/record'
import { asArguments, asVariables, gitEnvironment, SETTINGS } from './environment.js'
import { gitProgram } from './program.js'

/** The streams of a process that runs. */
type Streams = { readonly stdin: Writable; readonly stdout: Readable; readonly stderr: Readable }

/** How long to wait for output that somebody else may hold open after git has ended. */
const GRACE_MS = 500

/** What a stream gives until it ends. */
const collect = (stream: Readable): Buffer[] => {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  return chunks
}

/** A hook that git started, fsmonitor say, may outlive it and keep its output open. */
const closePipesAfter = (git: EventEmitter & Streams): void => {
  const later = setTimeout(() => {
    git.stdout.destroy()
    git.stderr.destroy()
  }, GRACE_MS)
  git.once('close', () => clearTimeout(later))
}

/** Git may end before it has read everything; its exit status tells what that means. */
const ENDED = new Set(['EPIPE', 'ECONNRESET', 'ENOTCONN', 'EOF'])

/** A git that never got its whole input may be content with none, and a lost answer may look like an empty one. */
export const collectStreamErrors = (git: Streams): string[] => {
  const failed: string[] = []
  for (const name of ['stdin', 'stdout', 'stderr'] as const) {
    git[name].on('error', (error: NodeJS.ErrnoException) => {
      if (!ENDED.has(error.code ?? '')) failed.push(`${name} of git failed: ${error.message}`)
    })
  }
  return failed
}

/** How a git command ended. A non-zero exit is a value, not an exception. */
export type GitOutcome = {
  readonly ok: boolean
  /** The exit status; -1 when a signal or the time limit ended it. */
  readonly exitCode: number
  readonly stdout: Buffer
  readonly stderr: string
}

type StartOptions = {
  /** So many milliseconds after it has all of its input, git is killed. Default 60 000. */
  readonly timeoutMs?: number
  /** Added to the environment that git gets; undefined takes a variable out of it. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** More `-c name=value` settings. */
  readonly config?: readonly string[]
  /** Apart from this terminal; what git itself has started is killed with it. Where the system can. */
  readonly detached?: boolean
}

export type GitOptions = StartOptions & { readonly input?: string | Uint8Array }

/** A git that runs, and waits for its input. */
type StartedGit = {
  /** Gives it its input, all of it, and waits for its end. Throws KittyError `GIT_NOT_STARTED`. */
  readonly finish: (input: string | Uint8Array) => Promise<GitOutcome>
}

const TIMEOUT_MS = 60_000

const notStarted = (cwd: string, cause?: unknown): KittyError =>
  new KittyError('GIT_NOT_STARTED', `git could not be started in ${cwd}.`, {
    hint: 'Install git 2.30 or newer and see that it is on the PATH.',
    cause,
  })

/** What every git is started with. */
const invocation = (args: readonly string[], { config = [], env = {} }: StartOptions) => {
  const [settings, own] = [[...SETTINGS, ...config], gitEnvironment()]
  return {
    args: [...asArguments(settings), ...args],
    options: { env: { ...own, ...asVariables(settings, own), ...env }, windowsHide: true },
  }
}

const leadsGroup = ({ detached }: StartOptions): boolean =>
  detached === true && process.platform !== 'win32'

const spawnGit = (program: string, cwd: string, given: readonly string[], more: StartOptions) => {
  const { args, options } = invocation(given, more)
  const detached = leadsGroup(more)
  return spawn(program, args, { ...options, cwd, detached, stdio: ['pipe', 'pipe', 'pipe'] })
}

/** Ends it, and where it leads a process group of its own, all of that. */
const kill = (git: ChildProcessWithoutNullStreams, isGroup: boolean): void => {
  try {
    if (isGroup && git.pid !== undefined) process.kill(-git.pid, 'SIGKILL')
    else git.kill('SIGKILL')
  } catch {
    // It has ended just now.
  }
}

const outcomeOf = (git: ChildProcessWithoutNullStreams, cwd: string): Promise<GitOutcome> =>
  new Promise((resolve, reject) => {
    const [stdout, stderr] = [collect(git.stdout), collect(git.stderr)]
    const failed = collectStreamErrors(git)
    git.on('error', (cause) => reject(notStarted(cwd, cause)))
    git.on('exit', () => closePipesAfter(git))
    git.on('close', (code) =>
      resolve({
        ok: code === 0 && failed.length === 0,
        exitCode: code ?? -1,
        stdout: Buffer.concat(stdout),
        stderr: [Buffer.concat(stderr).toString().trim(), ...failed].filter(Boolean).join('\n'),
      }),
    )
  })

/** Starts git in `cwd` as `runGit` does, before its input is known. `finish` is to be called, once. */
export const startGit = (
  cwd: string,
  args: readonly string[],
  options: StartOptions = {},
): StartedGit => {
  const program = gitProgram()
  if (program === undefined) return { finish: () => Promise.reject(notStarted(cwd)) }
  const git = spawnGit(program, cwd, args, options)
  const outcome = outcomeOf(git, cwd)
  // Whoever calls `finish` hears of it; until then it must not pass for an error nobody handles.
  outcome.catch(() => undefined)
  return {
    finish: async (input) => {
      const end = () => kill(git, leadsGroup(options))
      const timer = setTimeout(end, options.timeoutMs ?? TIMEOUT_MS)
      git.stdin.end(input)
      return outcome.finally(() => clearTimeout(timer))
    },
  }
}

/**
 * Runs git in `cwd`: no shell, no hooks, no prompts, no network, the messages in English.
 *
 * @throws KittyError `GIT_NOT_STARTED` when git is missing or cannot be started; nothing else.
 */
export const runGit = (
  cwd: string,
  args: readonly string[],
  { input = '', ...options }: GitOptions = {},
): Promise<GitOutcome> => startGit(cwd, args, options).finish(input)

/** Starts a git that nobody waits for; it goes on when this process ends. Never throws. */
export const spawnDetachedGit = (
  cwd: string,
  args: readonly string[],
  more: Pick<StartOptions, 'config'> = {},
): void => {
  const program = gitProgram()
  if (program === undefined) return
  const { args: all, options } = invocation(args, more)
  const git = spawn(program, all, { ...options, cwd, stdio: 'ignore', detached: true })
  git.on('error', () => undefined)
  git.unref()
}
