import { spawnDetachedGit } from '../git/run-git.js'
import { hooksOff, type RepoConfig } from '../repository/config.js'

/** One commit in so many sees whether git's own maintenance is due. */
const ONE_IN = 64

const OFF = new Set(['false', 'no', 'off', '0', ''])

/**
 * Has git clean up after itself now and then, as `git commit` would, but beside the work: it is left alone
 * and nobody waits for it. Chance decides, from the ids, so that nothing has to be remembered.
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
