import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'

/** One spelling for each folder: absolute, symbolic links resolved as far as it exists. */
export const realFolder = (folder: string): string => {
  try {
    return realpathSync.native(folder)
  } catch {
    return resolve(folder)
  }
}
