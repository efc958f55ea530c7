import { lstat } from 'node:fs/promises'
import { KittyError } from '@kitty/record'
import { type CommitResult, readRegular, toAbsolute } from '@kitty/writer'
import { unexpected } from '../git/failures.js'

/** Where a project says which branches are protected, relative to its root. */
export const CONFIG_PATH = '.kittify/config.yaml'

/** The project's own list, used exactly; `branches` is undefined where it says nothing. */
export type ProtectionConfig = { readonly branches: readonly string[] | undefined }

const refuseLinkedFolder = async (root: string): Promise<void> => {
  const info = await lstat(toAbsolute(root, '.kittify')).catch(() => undefined)
  if (info?.isSymbolicLink() !== true) return
  throw new KittyError('SYMLINK_REFUSED', '.kittify is a symbolic link.', {
    hint: 'Put a real folder in its place.',
  })
}

/** Reads the file of a project root, or gives the result that says why it cannot be relied on. */
export const readProtectionConfig = async (
  root: string,
): Promise<ProtectionConfig | CommitResult> => {
  try {
    await refuseLinkedFolder(root)
    const bytes = await readRegular(toAbsolute(root, CONFIG_PATH))
    if (bytes === undefined) return { branches: undefined }
    // Most projects have no such file, and need not load what reads it.
    const { parseProtectionConfig } = await import('./protection-yaml.js')
    return parseProtectionConfig(bytes.toString())
  } catch (error) {
    if (!(error instanceof KittyError)) return unexpected(error)
    return { status: 'refused', code: error.code, message: error.message, hint: error.hint }
  }
}
