import { CONFIG_PATH, readConfigFile } from '@kitty/writer'
import { DEFAULTS, type Settings } from './settings.js'

/** A key of ours is somewhere in the text, or could be by way of an escape. */
const MAY_CONCERN_US = /ops|protection|\\/

/**
 * The settings of a project: data only, whatever the file holds. Most projects say nothing here, and
 * are spared the loading of a YAML parser.
 *
 * @throws KittyError `CONFIG_INVALID`, `SYMLINK_REFUSED`, `NOT_A_FILE`, `NOT_READABLE`.
 */
export const readConfig = async (root: string): Promise<Settings> => {
  const text = (await readConfigFile(root)) ?? ''
  if (!MAY_CONCERN_US.test(text)) return DEFAULTS
  const { parseConfig } = await import('./config-yaml.js')
  return parseConfig(text, CONFIG_PATH)
}
