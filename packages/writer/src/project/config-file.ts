import { lstat } from 'node:fs/promises'
import { KittyError } from '@kitty/record'
import { readRegular } from '../fs/regular-file.js'
import { toAbsolute } from './paths.js'

/** Where a project keeps its configuration, relative to its root. */
export const CONFIG_PATH = '.kittify/config.yaml'

const refuseLinkedFolder = async (root: string): Promise<void> => {
  const info = await lstat(toAbsolute(root, '.kittify')).catch(() => undefined)
  if (info?.isSymbolicLink() !== true) return
  throw new KittyError('SYMLINK_REFUSED', '.kittify is a symbolic link.', {
    hint: 'Replace it with a real folder.',
  })
}

/**
 * Reads a project's configuration. Returns `undefined` if there is none.
 *
 * @throws KittyError `SYMLINK_REFUSED` if the file or its folder is a symbolic link, `NOT_A_FILE`, `NOT_READABLE`,
 * `READ_FAILED`.
 */
export const readConfigFile = async (root: string): Promise<string | undefined> => {
  await refuseLinkedFolder(root)
  return (await readRegular(toAbsolute(root, CONFIG_PATH)))?.toString()
}
