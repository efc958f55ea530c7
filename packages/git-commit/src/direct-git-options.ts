import { cachedRepoConfig } from './repository/config-cache.js'
import type { ResolvedOptions, Signing } from './transaction/commit-set.js'

export type DirectGitOptions = {
  /** What to do on a detached HEAD, where the next checkout takes the record off the disk. */
  readonly detached?: 'defer' | 'commit'
  /** How long to wait for another git process that holds the index, in milliseconds. Default 2000. */
  readonly lockTimeoutMs?: number
  /**
   * How long git may take to change the index, in milliseconds: an fsmonitor hook of the user's takes
   * part in that, and may hang. Default 60 000.
   */
  readonly gitTimeoutMs?: number
  /**
   * Whether Op commits are signed: never (the default), always, or as the user's `commit.gpgSign` says.
   * One that cannot be signed stays pending, with the code `SIGNING_FAILED` or `SIGNING_TIMED_OUT`.
   */
  readonly sign?: Signing
  /** How long signing one commit may take, in milliseconds; no lock of git is held meanwhile. Default 30 000. */
  readonly signTimeoutMs?: number
  /** Where the variables are looked up that tell of a running hook. Default `process.env`. */
  readonly env?: NodeJS.ProcessEnv
}

/** What direct git works with, from its options. */
export const resolveOptions = (options: DirectGitOptions): ResolvedOptions => ({
  detached: options.detached ?? 'defer',
  lockTimeoutMs: options.lockTimeoutMs ?? 2_000,
  gitTimeoutMs: options.gitTimeoutMs,
  sign: options.sign ?? 'never',
  signTimeoutMs: options.signTimeoutMs ?? 30_000,
  env: options.env,
  readRepoConfig: cachedRepoConfig(),
})
