import { lstat } from 'node:fs/promises'
import { createExclusive, type Durability, ensureFolder } from './durable-file.js'
import { ATTRIBUTES_PATH, ATTRIBUTES_TEXT, OPS_DIR, toAbsolute } from './layout.js'
import { hasCode, linkRefused } from './os-error.js'

const isThere = async (path: string): Promise<boolean> => {
  const info = await lstat(path).catch(() => undefined)
  if (info?.isSymbolicLink() === true) throw linkRefused(path)
  return info !== undefined
}

/**
 * Makes `kitty-ops/` and its `.gitattributes` where they are missing. Attributes that are there stay as
 * they are. Throws `SYMLINK_REFUSED`, and what writing throws.
 */
export const ensureOpsFolder = async (root: string, durability: Durability): Promise<void> => {
  await ensureFolder(root, OPS_DIR, durability)
  const path = toAbsolute(root, ATTRIBUTES_PATH)
  if (await isThere(path)) return
  await createExclusive(path, ATTRIBUTES_TEXT, durability).catch((error: unknown) => {
    if (!hasCode(error, 'ALREADY_EXISTS')) throw error
  })
}
