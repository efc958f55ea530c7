import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { readRegular, replaceFile } from './durable-file.js'
import { ATTRIBUTES_PATH, toAbsolute } from './layout.js'

const noteIn = (state: string): string => join(state, 'attributes-committed')

/** Tells this `.gitattributes` from one that was written anew, as on a branch that had none. */
const identityOf = async (root: string): Promise<string> => {
  const info = await lstat(toAbsolute(root, ATTRIBUTES_PATH)).catch(() => undefined)
  return info === undefined ? '' : `${info.ino} ${info.mtimeMs} ${info.size}\n`
}

/**
 * Whether the `.gitattributes` on disk may still have to reach a commit. Asking for it once too often
 * costs a little time; leaving it out would leave it untracked, in the way of the next branch switch.
 */
export const attributesAreNew = async (root: string, state: string): Promise<boolean> => {
  const noted = await readRegular(noteIn(state))
  return noted?.toString() !== (await identityOf(root))
}

/** Notes that the `.gitattributes` on disk is in a commit. */
export const noteAttributes = async (root: string, state: string): Promise<void> => {
  // Only time is lost without the note.
  await replaceFile(noteIn(state), await identityOf(root), 'process').catch(() => undefined)
}
