// Folders that are removed when a target ends.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folders = new Set()

/** Makes a folder for this target. */
export const temporaryFolder = () => {
  const folder = realpathSync.native(mkdtempSync(join(tmpdir(), 'kitty-fuzz-')))
  folders.add(folder)
  return folder
}

export const removeTemporaryFolders = () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
