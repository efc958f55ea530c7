import { spawnDetachedGit } from '../git/run-git.js'
import { hooksOff, type RepoConfig } from './config.js'

/** On average, one commit in this many checks whether git's own maintenance is due. */
const ONE_IN = 64

const OFF = new Set(['false', 'no', 'off', '0', ''])

/**
 * Starts git's own maintenance now and then, as `git commit` does, but in the background and without waiting for
 * it. The ids of the commits decide when, so that no state is needed.
 */
export const runMaintenanceDetached = (
  top: string,
  repoConfig: Pick<RepoConfig, 'config'>,
  ids: readonly string[],
): void => {
  if (OFF.has(repoConfig.config.get('maintenance.auto')?.toLowerCase() ?? 'true')) return
  const isTime = ids.some((id) => Number.parseInt(id.slice(-4), 16) % ONE_IN === 0)
  if (isTime) {
    spawnDetachedGit(top, ['maintenance', 'run', '--auto', '--quiet'], {
      config: hooksOff(repoConfig),
    })
  }
}
