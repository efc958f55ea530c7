import { unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { createFile, replaceFile } from '../fs/durable-file.js'
import { fileVersion, readRegular } from '../fs/regular-file.js'
import { ATTRIBUTES_PATH, ATTRIBUTES_TEXT, toAbsolute } from '../project/paths.js'

/** The `.gitattributes` of the records, for one batch of commits. */
export type Attributes = {
  /** Whether the file may still need to be committed. */
  readonly wanted: boolean
  /** Reports whether it was committed. */
  readonly confirm: (committed: boolean) => Promise<void>
}

/** For commits outside every branch. */
export const NO_ATTRIBUTES: Attributes = { wanted: false, confirm: async () => undefined }

const tryCreate = (path: string): Promise<boolean> =>
  createFile(path, ATTRIBUTES_TEXT, 'process').then(
    () => true,
    () => false,
  )

/**
 * Creates the attributes if they are missing, and removes them again if nothing was committed: an untracked
 * file would block a checkout of any branch or commit that has them. Other attributes are neither changed nor committed.
 * The note of a commit only saves time; requesting the attributes once too often is harmless.
 */
export const ensureAttributes = async (root: string, state: string): Promise<Attributes> => {
  const path = toAbsolute(root, ATTRIBUTES_PATH)
  const note = join(state, 'attributes-committed')
  const noted = await readRegular(note)
  const found = fileVersion(path)
  if (found !== undefined && noted?.toString() === found) {
    return NO_ATTRIBUTES
  }
  const isNew = found === undefined && (await tryCreate(path))
  // What a person wrote there is theirs to commit.
  if ((await readRegular(path))?.toString() !== ATTRIBUTES_TEXT) return NO_ATTRIBUTES
  return {
    wanted: true,
    confirm: async (committed) => {
      if (committed) await replaceFile(note, fileVersion(path) ?? '', 'process')
      else if (isNew) unlinkSync(path)
    },
  }
}
