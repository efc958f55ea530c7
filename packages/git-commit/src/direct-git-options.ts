import { readCachedRepoConfig } from './repository/config-cache.js'
import type { ResolvedOptions, Signing } from './transaction/commit-set.js'

export type DirectGitOptions = {
  /** What to do on a detached HEAD, where the next checkout removes the record from disk. Default `'defer'`. */
  readonly detached?: 'defer' | 'commit'
  /** How long to wait for another git process that holds the index, in milliseconds. Default 2000. */
  readonly lockTimeoutMs?: number
  /**
   * How long git can take to update the index, in milliseconds. The user's fsmonitor hook runs as part of that and
   * can hang. Default 60 000.
   */
  readonly gitTimeoutMs?: number
  /**
   * Whether Op commits are signed: never (the default), always, or automatically, as the user's `commit.gpgSign`
   * says. An Op whose commit cannot be signed stays pending, with the code `SIGNING_FAILED` or `SIGNING_TIMED_OUT`.
   */
  readonly sign?: Signing
  /** How long signing one commit can take, in milliseconds. No git lock is held meanwhile. Default 30 000. */
  readonly signTimeoutMs?: number
  /** The environment that is checked for a running git hook. Default `process.env`. */
  readonly env?: NodeJS.ProcessEnv
}

/** Fills in the defaults. */
export const resolveOptions = (options: DirectGitOptions): ResolvedOptions => ({
  detached: options.detached ?? 'defer',
  lockTimeoutMs: options.lockTimeoutMs ?? 2_000,
  gitTimeoutMs: options.gitTimeoutMs,
  sign: options.sign ?? 'never',
  signTimeoutMs: options.signTimeoutMs ?? 30_000,
  env: options.env,
  readRepoConfig: readCachedRepoConfig,
})
