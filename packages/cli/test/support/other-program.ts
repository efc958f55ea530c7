import { writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { tempFolder } from '@kitty/test-kit'

const isWindows = process.platform === 'win32'

/**
 * A folder with another program named `spec-kitty`: a Node program that runs `script`, which has its arguments as `argv`.
 * Returns the path of the program, and a `PATH` that begins with the folder.
 */
export const otherProgram = async (
  script: string,
): Promise<{ readonly program: string; readonly path: string }> => {
  const folder = await tempFolder()
  const source = join(folder, 'program.mjs')
  await writeFile(source, `const argv = process.argv.slice(2)\n${script}\n`)
  const program = join(folder, isWindows ? 'spec-kitty.cmd' : 'spec-kitty')
  const text = isWindows
    ? `@"${process.execPath}" "${source}" %*\r\n`
    : `#!/bin/sh\nexec '${process.execPath}' '${source}' "$@"\n`
  await writeFile(program, text, { mode: 0o755 })
  return { program, path: `${folder}${delimiter}${process.env.PATH}` }
}
