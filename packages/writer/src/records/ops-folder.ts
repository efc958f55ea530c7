import { type Durability, ensureFolder } from '../fs/durable-file.js'
import { unless } from '../fs/errno.js'
import { refuseIrregular } from '../fs/regular-file.js'
import { ATTRIBUTES_PATH, OPS_DIR, toAbsolute } from '../project/paths.js'

/**
 * Makes `kitty-ops/` where it is missing. Its `.gitattributes` comes with the first commit, see
 * `offerAttributes`; a symbolic link in its place is refused at once. Throws `SYMLINK_REFUSED`,
 * `NOT_A_FILE`, and what `ensureFolder` throws.
 */
export const ensureOpsFolder = async (root: string, durability: Durability): Promise<void> => {
  await ensureFolder(root, OPS_DIR, durability)
  unless('ENOENT', () => refuseIrregular(toAbsolute(root, ATTRIBUTES_PATH)))
}
