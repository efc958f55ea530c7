import { lstat } from 'node:fs/promises'
import { KittyError } from '@kitty/record'
import { readRegular, toAbsolute } from '@kitty/writer'
import { DEFAULTS, type Settings } from './settings.js'

/** Where a project keeps its configuration, relative to its root. */
export const CONFIG_PATH = '.kittify/config.yaml'

/** A key of ours is somewhere in the text, or could be by way of an escape. */
const MAY_CONCERN_US = /ops|protection|\\/

const refuseLinkedFolder = async (root: string): Promise<void> => {
  const info = await lstat(toAbsolute(root, '.kittify')).catch(() => undefined)
  if (info?.isSymbolicLink() !== true) return
  throw new KittyError('SYMLINK_REFUSED', '.kittify is a symbolic link.', {
    hint: 'Put a real folder in its place.',
  })
}

/**
 * The settings of a project: data only, whatever the file holds. Most projects say nothing here, and
 * are spared the loading of a YAML parser.
 *
 * @throws KittyError `CONFIG_INVALID`, `SYMLINK_REFUSED`, `NOT_A_FILE`, `NOT_READABLE`.
 */
export const readConfig = async (root: string): Promise<Settings> => {
  await refuseLinkedFolder(root)
  const text = (await readRegular(toAbsolute(root, CONFIG_PATH)))?.toString() ?? ''
  if (!MAY_CONCERN_US.test(text)) return DEFAULTS
  const { parseConfig } = await import('./config-yaml.js')
  return parseConfig(text, CONFIG_PATH)
}
