import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'

/** One spelling for each folder: absolute, symbolic links resolved as far as it exists. */
export const realFolder = (folder: string): Promise<string> =>
  realpath(folder).catch(() => resolve(folder))
