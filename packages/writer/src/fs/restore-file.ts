import { join } from 'node:path'
import { dirname } from 'node:path/posix'
import { startsWith } from './bytes.js'
import type { Durability } from './durability.js'
import { appendFile, createFile } from './durable-file.js'
import { hasCode } from './errors.js'
import { ensureFolder } from './folder.js'
import { readRegular } from './regular-file.js'

/** A file to restore, and its bytes. */
export type FileToRestore = {
  readonly root: string
  /** Relative to the root, with `/`. */
  readonly path: string
  readonly bytes: Buffer
  readonly durability?: Durability
}

/**
 * The result of restoring a file. `created`: it was missing. `finished`: it held the beginning, and the rest was
 * appended. `same`: it was already there. `different`: it has other bytes and was left unchanged.
 */
export type Restored = 'created' | 'finished' | 'same' | 'different'

const create = async ({ root, path, bytes, durability = 'power' }: FileToRestore) => {
  await ensureFolder(root, dirname(path), durability)
  return createFile(join(root, path), bytes, durability).then(
    () => true,
    (error: unknown) => {
      if (hasCode(error, 'ALREADY_EXISTS')) return false
      throw error
    },
  )
}

/**
 * Restores a file byte for byte, and never overwrites what is on disk. Throws `SYMLINK_REFUSED`, `NOT_A_FILE`,
 * and what writing throws.
 */
export const restoreFile = async (file: FileToRestore): Promise<Restored> => {
  const { root, path, bytes, durability = 'power' } = file
  if (await create(file)) return 'created'
  const present = (await readRegular(join(root, path))) ?? Buffer.alloc(0)
  if (present.equals(bytes)) return 'same'
  if (!startsWith(bytes, present)) return 'different'
  await appendFile(join(root, path), bytes.subarray(present.length), durability)
  return 'finished'
}
