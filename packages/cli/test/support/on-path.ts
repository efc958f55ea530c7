import { writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { tempFolder } from '@kitty/test-kit'
import { builtProgram } from './built.js'

/** A `PATH` that begins with a folder with a program named `spec-kitty`. */
export const pathWithProgram = async (): Promise<string> => {
  const folder = await tempFolder()
  const ending = process.platform === 'win32' ? '.cmd' : ''
  await writeFile(join(folder, `spec-kitty${ending}`), '', { mode: 0o755 })
  return `${folder}${delimiter}${process.env.PATH}`
}

/** A `PATH` that begins with a folder with the built program. */
export const pathWithBuiltProgram = async (): Promise<string> => {
  const folder = await tempFolder()
  const [node, bin] = builtProgram()
  const [name, text] =
    process.platform === 'win32'
      ? ['spec-kitty.cmd', `@"${node}" "${bin}" %*\r\n`]
      : ['spec-kitty', `#!/bin/sh\nexec '${node}' '${bin}' "$@"\n`]
  await writeFile(join(folder, name), text, { mode: 0o755 })
  return `${folder}${delimiter}${process.env.PATH}`
}
