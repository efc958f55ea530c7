import { CONFIG_PATH, readConfigFile } from '@kitty/writer/internals'
import { DEFAULTS, type Settings } from './settings.js'

/** Matches if the text could have one of the keys that are read. A backslash can escape a letter of a key. */
const COULD_HAVE_KEYS = /ops|protection|\\/

/**
 * Reads the settings of a project. The file is only data; nothing in it is executed. The YAML parser is loaded only if
 * the file could have settings.
 *
 * @throws KittyError `CONFIG_INVALID`, `SYMLINK_REFUSED`, `NOT_A_FILE`, `NOT_READABLE`.
 */
export const readConfig = async (root: string): Promise<Settings> => {
  const text = (await readConfigFile(root)) ?? ''
  if (!COULD_HAVE_KEYS.test(text)) return DEFAULTS
  const { parseConfig } = await import('./config-yaml.js')
  return parseConfig(text, CONFIG_PATH)
}
