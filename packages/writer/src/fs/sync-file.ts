import { closeSync, fsync, openSync } from 'node:fs'
import { promisify } from 'node:util'

const syncToDisk = promisify(fsync)

const isWindows = process.platform === 'win32'

const openToSync = (path: string): number | undefined => {
  try {
    return openSync(path, isWindows ? 'r+' : 'r')
  } catch (error) {
    // Windows syncs only what it may write, and git's objects are read-only.
    if (isWindows) return undefined
    throw error
  }
}

/** Sees that a file is on the platter. Git does so by itself only since 2.36. Throws what the system throws. */
export const syncFile = async (path: string): Promise<void> => {
  const file = openToSync(path)
  if (file !== undefined) await syncToDisk(file).finally(() => closeSync(file))
}
