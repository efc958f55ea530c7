import { lstatSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { createFile, replaceFile } from '../fs/durable-file.js'
import { readRegular } from '../fs/regular-file.js'
import { ATTRIBUTES_PATH, ATTRIBUTES_TEXT, toAbsolute } from '../project/paths.js'

/** The `.gitattributes` of the records, for one group of commits. */
export type Attributes = {
  /** Whether it may still have to reach a commit. */
  readonly wanted: boolean
  /** To be told whether it did. */
  readonly confirm: (committed: boolean) => Promise<void>
}

/** Tells this file from one that was written anew, as on a branch that had none. Empty for none. */
const fileVersion = (path: string): string => {
  const info = lstatSync(path, { throwIfNoEntry: false })
  return info === undefined ? '' : `${info.ino} ${info.mtimeMs} ${info.size}\n`
}

const made = (path: string): Promise<boolean> =>
  createFile(path, ATTRIBUTES_TEXT, 'process').then(
    () => true,
    () => false,
  )

/**
 * Makes the attributes where they are missing, for as long as a commit is tried: left untracked, they
 * would bar the way to every branch and commit that has them. Attributes that are there stay as they
 * are. What is noted only saves time: asking for them once too often costs a little.
 */
export const ensureAttributes = async (root: string, state: string): Promise<Attributes> => {
  const path = toAbsolute(root, ATTRIBUTES_PATH)
  const note = join(state, 'attributes-committed')
  const noted = await readRegular(note)
  const found = fileVersion(path)
  if (found !== '' && noted?.toString() === found) {
    return { wanted: false, confirm: async () => undefined }
  }
  const isNew = found === '' && (await made(path))
  return {
    wanted: true,
    confirm: async (committed) => {
      if (committed) await replaceFile(note, fileVersion(path), 'process')
      else if (isNew) unlinkSync(path)
    },
  }
}
