import { readdir } from 'node:fs/promises'
import type { OpId } from '@kitty/record'
import { evidenceFolder, toAbsolute } from './layout.js'

/** The promoted evidence of an Op, relative to the root; none when there is none. */
export const evidencePaths = async (root: string, id: OpId): Promise<string[]> => {
  const folder = evidenceFolder(id)
  const entries = await readdir(toAbsolute(root, folder), { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isFile()).map(({ name }) => `${folder}/${name}`)
}
