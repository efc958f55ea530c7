import { setTimeout as sleep } from 'node:timers/promises'
import { type NetworkUse, networkEnvironment } from './network-environment.js'
import { type GitOutcome, type RunningGit, startWatchedGit } from './run-git.js'

/** What ended git before it was done. */
type Cut = 'stalled' | 'too-long' | 'interrupted'

/** How a git that used the network ended. */
export type NetworkOutcome = GitOutcome & { readonly cut?: Cut }

export type NetworkOptions = NetworkUse & {
  readonly input?: string
  readonly config?: readonly string[]
  /** Git is stopped if it says nothing for this many milliseconds. */
  readonly stallMs: number
  /** Git is stopped after this many milliseconds in any case. */
  readonly totalMs: number
  /** Stops git. */
  readonly signal?: AbortSignal | undefined
  /** Gets what git writes to standard error while it runs. */
  readonly onOutput?: ((text: string) => void) | undefined
}

/** The exit status of a git that a signal ended. */
const KILLED = -1

/** How long git gets to remove its locks and temporary files after it was told to stop, in milliseconds. */
const GRACE_MS = 3_000

/** Sends a signal to git, or to its whole process group if it leads one: its helpers hold the connection. */
const send = ({ process: git, isGroup }: RunningGit, signal: NodeJS.Signals): void => {
  try {
    if (isGroup && git.pid !== undefined) process.kill(-git.pid, signal)
    else git.kill(signal)
  } catch {
    // It has just exited.
  }
}

/** Watches a running git. Returns why it was stopped, if it was, and a function that ends the watch. */
const watch = (git: RunningGit, { stallMs, totalMs, signal, onOutput }: NetworkOptions) => {
  let cut: Cut | undefined
  let killer: NodeJS.Timeout | undefined
  const stop = (why: Cut): void => {
    if (cut !== undefined) return
    cut = why
    send(git, 'SIGTERM')
    killer = setTimeout(() => send(git, 'SIGKILL'), GRACE_MS)
  }
  const interrupt = (): void => stop('interrupted')
  const total = setTimeout(() => stop('too-long'), totalMs)
  const stall = setTimeout(() => stop('stalled'), stallMs)
  git.process.stdout?.on('data', () => stall.refresh())
  git.process.stderr?.on('data', (chunk: Buffer) => {
    stall.refresh()
    onOutput?.(chunk.toString())
  })
  signal?.addEventListener('abort', interrupt)
  if (signal?.aborted === true) interrupt()
  return {
    why: () => cut,
    end: () => {
      for (const timer of [total, stall, killer]) clearTimeout(timer)
      signal?.removeEventListener('abort', interrupt)
    },
  }
}

/** A terminal sends Ctrl-C to git too, which can end before the signal arrives here. */
const SETTLE_MS = 50

const interruptedByTerminal = async (
  { exitCode }: GitOutcome,
  { signal }: NetworkOptions,
): Promise<Cut | undefined> => {
  if (exitCode === KILLED && signal?.aborted === false) await sleep(SETTLE_MS)
  return signal?.aborted === true ? 'interrupted' : undefined
}

/**
 * Runs git in `cwd` with the network: no hooks of this clone, and prompts only if a person can answer. Without
 * prompts it runs apart from the terminal, so that no program it starts can ask there.
 *
 * @throws KittyError `GIT_NOT_STARTED`; nothing else.
 */
export const runNetworkGit = async (
  cwd: string,
  args: readonly string[],
  options: NetworkOptions,
): Promise<NetworkOutcome> => {
  const { config = [], canPrompt, input = '' } = options
  const env = networkEnvironment(options)
  const git = startWatchedGit(cwd, args, { config, env, detached: !canPrompt })
  const { why, end } = watch(git, options)
  git.process.stdin?.end(input)
  const ended = await git.outcome.finally(end)
  const cut = why() ?? (await interruptedByTerminal(ended, options))
  return cut === undefined || ended.ok ? ended : { ...ended, cut }
}
