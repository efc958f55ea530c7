import { readRegular, toAbsolute } from '@kitty/writer'
import { CONFIG_PATH } from './config.js'
import type { Environment } from './environment.js'
import type { Settings } from './settings.js'

/** A setting with what is in force and where it came from. */
export type Effective = {
  readonly name: string
  readonly value: string | number | boolean
  /** `default`, the configuration file, or the name of a variable. */
  readonly origin: string
}

/** The names under `ops` that the file decides. */
const namedIn = async (root: string): Promise<ReadonlySet<string>> => {
  const text = (await readRegular(toAbsolute(root, CONFIG_PATH)))?.toString() ?? ''
  if (text === '') return new Set()
  const { namesUnder } = await import('./config-text.js')
  return new Set(namesUnder(text, 'ops'))
}

const fromEnvironment = (environment: Environment): Effective[] =>
  [
    ['SPEC_KITTY_ROOT', 'root', environment.root],
    ['SPEC_KITTY_COMMIT_STRATEGY', 'strategy', environment.strategy],
    ['SPEC_KITTY_PROFILE', 'profile', environment.profile],
    ['SPEC_KITTY_MISSION', 'mission', environment.mission],
    ['SPEC_KITTY_WP', 'wp', environment.workPackage],
  ].flatMap(([origin = '', name = '', value]) => (value ? [{ name, value, origin }] : []))

/** What is in force, setting by setting. Throws as `readConfig` does. */
export const effectiveConfig = async (
  root: string,
  environment: Environment,
  settings: Settings,
): Promise<readonly Effective[]> => {
  const named = await namedIn(root)
  const values = {
    commit: settings.commit,
    durability: settings.durability,
    redact: settings.redact,
    commit_index: settings.commitIndex,
    threshold_hours: settings.thresholdHours,
  }
  const ops = Object.entries(values).map(([key, value]) => ({
    name: `ops.${key}`,
    value,
    origin: named.has(key) ? CONFIG_PATH : 'default',
  }))
  return [...ops, ...fromEnvironment(environment)]
}
