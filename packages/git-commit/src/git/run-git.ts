import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import type { EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { KittyError } from '@kitty/record'
import { type Invocation, invocation } from './invocation.js'
import { gitProgram } from './program.js'

/** The streams of a running process. */
type Streams = { readonly stdin: Writable; readonly stdout: Readable; readonly stderr: Readable }

/** How long to wait after git exits for output that another process still holds open, in milliseconds. */
const GRACE_MS = 500

/** Collects what a stream emits until it ends, or passes it on. */
const collect = (stream: Readable, onOutput?: (chunk: Buffer) => void): Buffer[] => {
  const chunks: Buffer[] = []
  stream.on('data', onOutput ?? ((chunk: Buffer) => chunks.push(chunk)))
  return chunks
}

/**
 * Closes the pipes some time after git exits: a hook started by git (fsmonitor) can outlive it and keep them open.
 */
const closePipesAfter = (git: EventEmitter & Streams): void => {
  const later = setTimeout(() => {
    git.stdout.destroy()
    git.stderr.destroy()
  }, GRACE_MS)
  git.once('close', () => clearTimeout(later))
}

/** Git can exit before it has read all of its input; its exit status says what that means. */
const ENDED = new Set(['EPIPE', 'ECONNRESET', 'ENOTCONN', 'EOF'])

/**
 * Collects errors of the streams: git can succeed with incomplete input, and a lost answer can look like an empty
 * one.
 */
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
  /** The exit status; -1 if a signal or the time limit ended git. */
  readonly exitCode: number
  readonly stdout: Buffer
  readonly stderr: string
}

type StartOptions = Invocation & {
  /** Git is killed this many milliseconds after it has received all of its input. Default 60 000. */
  readonly timeoutMs?: number
  /**
   * Runs git apart from this terminal, in its own process group, which the time limit kills as a whole. Has no
   * effect on Windows.
   */
  readonly detached?: boolean
  /** Gets what git prints while it runs, instead of the outcome. Must not throw. */
  readonly onOutput?: (chunk: Buffer) => void
}

export type GitOptions = StartOptions & { readonly input?: string | Uint8Array }

/** A running git that waits for its input. */
type StartedGit = {
  /** Sends all of the input and waits until git exits. Throws KittyError `GIT_NOT_STARTED`. */
  readonly finish: (input: string | Uint8Array) => Promise<GitOutcome>
}

const TIMEOUT_MS = 60_000

const INSTALL = 'Install git 2.30 or newer and make sure that it is on the PATH.'
const GONE = 'Check whether the folder was moved or deleted in the meantime.'

const TOO_MANY_FILES = 'Close other programs, or let a process open more files: see ulimit -n.'

const isTooManyFiles = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && /^E[MN]FILE$/.test(String(cause.code))

const notStarted = (message: string, cause?: unknown, hint = INSTALL): KittyError =>
  new KittyError('GIT_NOT_STARTED', message, { hint, cause })

/** The error if git could not be started: the system reports a missing folder as a missing program. */
const notStartedIn = (cwd: string, cause: unknown): KittyError => {
  if (isTooManyFiles(cause)) {
    return notStarted('git could not be started: too many files are open.', cause, TOO_MANY_FILES)
  }
  return existsSync(cwd)
    ? notStarted(`git could not be started in ${cwd}.`, cause)
    : notStarted(`git could not be started in ${cwd}, which does not exist.`, cause, GONE)
}

/** Without free file descriptors a process has no pipes, whatever its type says; it then emits an error. */
const hasPipes = ({ stdin }: ChildProcess): boolean => stdin !== undefined

const leadsGroup = ({ detached }: StartOptions): boolean =>
  detached === true && process.platform !== 'win32'

const spawnGit = (
  program: string,
  cwd: string,
  given: readonly string[],
  more: StartOptions,
): ChildProcessWithoutNullStreams => {
  const { args, options } = invocation(cwd, given, more)
  const detached = leadsGroup(more)
  return spawn(program, args, { ...options, cwd, detached, stdio: ['pipe', 'pipe', 'pipe'] })
}

/** Kills git, or its whole process group if it leads one. */
const kill = (git: ChildProcessWithoutNullStreams, isGroup: boolean): void => {
  try {
    if (isGroup && git.pid !== undefined) process.kill(-git.pid, 'SIGKILL')
    else git.kill('SIGKILL')
  } catch {
    // It has just exited.
  }
}

const outcomeOf = (
  git: ChildProcessWithoutNullStreams,
  cwd: string,
  { onOutput }: StartOptions,
): Promise<GitOutcome> =>
  new Promise((resolve, reject) => {
    git.on('error', (cause) => reject(notStartedIn(cwd, cause)))
    if (!hasPipes(git)) return
    const [stdout, stderr] = [collect(git.stdout, onOutput), collect(git.stderr)]
    const failed = collectStreamErrors(git)
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

/** A running git, for a caller that watches it. */
export type RunningGit = {
  readonly process: ChildProcess
  /** Whether it leads a process group, which a signal can end as a whole. */
  readonly isGroup: boolean
  readonly outcome: Promise<GitOutcome>
}

/** Starts git for a caller that watches it, sends its input and ends it. Throws KittyError `GIT_NOT_STARTED`. */
export const startWatchedGit = (
  cwd: string,
  args: readonly string[],
  options: StartOptions,
): RunningGit => {
  const program = gitProgram()
  if (program === undefined) throw notStarted('git is not on the PATH.')
  const git = spawnGit(program, cwd, args, options)
  return { process: git, isGroup: leadsGroup(options), outcome: outcomeOf(git, cwd, options) }
}

/** Starts git in `cwd` like `runGit`, before its input is known. Caller must call `finish` exactly once. */
export const startGit = (
  cwd: string,
  args: readonly string[],
  options: StartOptions = {},
): StartedGit => {
  const program = gitProgram()
  if (program === undefined)
    return { finish: () => Promise.reject(notStarted('git is not on the PATH.')) }
  const git = spawnGit(program, cwd, args, options)
  const outcome = outcomeOf(git, cwd, options)
  // `finish` reports the error; until then it must not count as an unhandled rejection.
  outcome.catch(() => undefined)
  return {
    finish: async (input) => {
      const end = () => kill(git, leadsGroup(options))
      const timer = setTimeout(end, options.timeoutMs ?? TIMEOUT_MS)
      if (hasPipes(git)) git.stdin.end(input)
      return outcome.finally(() => clearTimeout(timer))
    },
  }
}

/**
 * Runs git in `cwd`: no shell, no hooks, no prompts, no network, messages in English.
 *
 * @throws KittyError `GIT_NOT_STARTED` if git is missing or cannot be started; nothing else.
 */
export const runGit = (
  cwd: string,
  args: readonly string[],
  { input = '', ...options }: GitOptions = {},
): Promise<GitOutcome> => startGit(cwd, args, options).finish(input)

/** Starts git without waiting for it; it continues after this process exits. Never throws. */
export const spawnDetachedGit = (
  cwd: string,
  args: readonly string[],
  more: Pick<StartOptions, 'config'> = {},
): void => {
  const program = gitProgram()
  if (program === undefined) return
  const { args: all, options } = invocation(cwd, args, more)
  const git = spawn(program, all, { ...options, cwd, stdio: 'ignore', detached: true })
  git.on('error', () => undefined)
  git.unref()
}

/** A running git that answers questions. */
export type AnsweringGit = ChildProcess

/** Starts git with pipes for questions and answers. Returns `undefined` if it cannot be started. */
export const startAnsweringGit = (
  cwd: string,
  args: readonly string[],
): AnsweringGit | undefined => {
  const program = gitProgram()
  if (program === undefined) return undefined
  const { args: all, options } = invocation(cwd, args)
  const git = spawn(program, all, { ...options, cwd, stdio: ['pipe', 'pipe', 'ignore'] })
  git.on('error', () => undefined)
  if (!hasPipes(git)) return undefined
  for (const pipe of [git.stdin, git.stdout]) pipe.on('error', () => undefined)
  return git
}
