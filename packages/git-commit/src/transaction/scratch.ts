import { randomBytes } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Where tokens and half-made files lie: the git directory itself is on the index's file system. */
export const scratchFolder = (gitDir: string): string => join(gitDir, 'kitty', 'index')

const DRAFT = 'copy.'

/** A name for a half-made file, which nobody else uses. */
export const draftIn = (gitDir: string): string =>
  join(scratchFolder(gitDir), `${DRAFT}${process.pid}.${randomBytes(6).toString('hex')}`)

/**
 * Removes what processes left that were killed. Only to be called under the lock of the index, and before
 * anything is begun: then no half-made file is in use. Never throws: what stays is in nobody's way.
 */
export const clearDrafts = (gitDir: string): void => {
  const folder = scratchFolder(gitDir)
  try {
    const drafts = readdirSync(folder).filter((name) => name.startsWith(DRAFT))
    for (const name of drafts) rmSync(join(folder, name), { force: true })
  } catch {
    // Nobody can remove it, as a folder of that name, or it is read at this moment, on Windows.
  }
}
