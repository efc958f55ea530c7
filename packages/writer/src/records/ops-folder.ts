import { type Durability, ensureFolder } from './durable-file.js'
import { unless } from './errno.js'
import { ATTRIBUTES_PATH, OPS_DIR, toAbsolute } from './layout.js'
import { refuseIrregular } from './regular-file.js'

/**
 * Makes `kitty-ops/` where it is missing. Its `.gitattributes` comes with the first commit, see
 * `offerAttributes`; a symbolic link in its place is refused at once. Throws `SYMLINK_REFUSED`,
 * `NOT_A_FILE`, and what `ensureFolder` throws.
 */
export const ensureOpsFolder = async (root: string, durability: Durability): Promise<void> => {
  await ensureFolder(root, OPS_DIR, durability)
  unless('ENOENT', () => refuseIrregular(toAbsolute(root, ATTRIBUTES_PATH)))
}
