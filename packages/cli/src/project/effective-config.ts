import { CONFIG_PATH, readConfigFile } from '@kitty/writer/internals'
import type { Environment } from '../command/environment.js'
import type { SettingJson } from '../json/setup.js'
import type { Settings } from './settings.js'

/** The settings in the file, with their lines. */
const decidedIn = async (root: string): Promise<ReadonlyMap<string, number>> => {
  const text = (await readConfigFile(root)) ?? ''
  if (text === '') return new Map()
  const { linesOfSettings } = await import('./config-yaml.js')
  return linesOfSettings(text)
}

/** The branches that the guard protects without a list. */
const defaultBranches = async (root: string): Promise<readonly string[]> => {
  const { protectedByDefault } = await import('@kitty/git-commit/inspect')
  return protectedByDefault(root)
}

const fromEnvironment = (environment: Environment): SettingJson[] =>
  [
    ['SPEC_KITTY_ROOT', 'root', environment.root],
    ['SPEC_KITTY_COMMIT_STRATEGY', 'strategy', environment.strategy],
    ['SPEC_KITTY_ACTOR', 'actor', environment.actor],
    ['SPEC_KITTY_PROFILE', 'profile', environment.profile],
    ['SPEC_KITTY_MISSION', 'mission', environment.mission],
    ['SPEC_KITTY_WP', 'wp', environment.workPackage],
  ].flatMap(([origin = '', name = '', value]) => (value ? [{ name, value, origin }] : []))

/** The effective value of each setting. Throws as `readConfig` does. */
export const effectiveConfig = async (
  root: string,
  environment: Environment,
  settings: Settings,
): Promise<readonly SettingJson[]> => {
  const lines = await decidedIn(root)
  const values = {
    'ops.commit': settings.commit,
    'ops.ledger': settings.ledger,
    'ops.ledger_evidence_limit': settings.ledgerEvidenceLimit,
    'ops.remote': settings.remote ?? null,
    'ops.sign': settings.sign,
    'ops.detached': settings.detached,
    'ops.exclude': settings.exclude,
    'ops.commit_index': settings.commitIndex ?? null,
    'ops.actor': settings.actor,
    'ops.durability': settings.durability,
    'ops.redact': settings.redact,
    'ops.redact_patterns': [...settings.redactPatterns],
    'ops.link_commits': settings.linkCommits,
    'ops.threshold_hours': settings.thresholdHours,
    'protection.protected_branches': settings.protectedBranches ?? (await defaultBranches(root)),
  }
  const decided = Object.entries(values).map(([name, value]) => {
    const line = lines.get(name)
    return { name, value, origin: line === undefined ? 'default' : `${CONFIG_PATH}:${line}` }
  })
  return [...decided, ...fromEnvironment(environment)]
}
