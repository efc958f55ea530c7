import { writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { tempFolder } from './temp-folder.js'
import { withEnv } from './with-env.js'

/**
 * Runs `fn` while another program is found as git. `script` is for the shell: it has git's arguments, and the real
 * git as `real`, which is run at the end of the script.
 */
export const withShim = async <T>(script: string, fn: () => Promise<T>): Promise<T> => {
  const folder = await tempFolder()
  const path = process.env.PATH ?? ''
  const real = `real() { PATH='${path}' command git "$@"; }`
  const text = `#!/bin/sh\nonce='${folder}/once'\n${real}\n${script}\nreal "$@"\n`
  await writeFile(join(folder, 'git'), text, { mode: 0o755 })
  return withEnv({ PATH: `${folder}${delimiter}${path}` }, fn)
}
