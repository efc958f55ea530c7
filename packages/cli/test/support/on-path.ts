import { writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { tempFolder } from '@kitty/test-kit'

/** A `PATH` that begins with a folder with a program named `spec-kitty`. */
export const pathWithProgram = async (): Promise<string> => {
  const folder = await tempFolder()
  const ending = process.platform === 'win32' ? '.cmd' : ''
  await writeFile(join(folder, `spec-kitty${ending}`), '', { mode: 0o755 })
  return `${folder}${delimiter}${process.env.PATH}`
}
