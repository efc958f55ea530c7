import { readdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { findWorkTree } from '@kitty/writer/internals'
import { gitText } from '../git/query.js'
import { hooksOff, readSettings } from '../repository/config.js'

const OWN_REFS = 'refs/kitty/'

/** Lists every ref of this software in a repository. Empty outside git. Throws `GIT_FAILED`, `GIT_NOT_STARTED`. */
export const listOwnRefs = async (root: string): Promise<readonly string[]> => {
  const tree = await findWorkTree(root)
  if (tree === undefined) return []
  const names = await gitText(tree.top, ['for-each-ref', '--format=%(refname)', OWN_REFS], {
    what: 'list the ledgers',
  })
  return names.split('\n').filter((name) => name !== '')
}

const foldersIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ parentPath, name }) => join(parentPath, name))
  } catch {
    return []
  }
}

/** Git leaves empty folders behind; which ones depends on its version. */
const removeEmptyFolders = (commonDir: string): void => {
  for (const top of [join(commonDir, 'refs', 'kitty'), join(commonDir, 'logs', 'refs', 'kitty')]) {
    // The deepest first.
    for (const folder of [...foldersIn(top), top].toSorted((a, b) => b.length - a.length)) {
      try {
        rmdirSync(folder)
      } catch {
        // Something is in it, or it is gone.
      }
    }
  }
}

/** Deletes refs and their reflogs, all or none. Throws `GIT_FAILED`, `GIT_NOT_STARTED`. */
export const removeRefs = async (root: string, refs: readonly string[]): Promise<void> => {
  const tree = await findWorkTree(root)
  if (tree === undefined || refs.length === 0) return
  const settings = await readSettings(tree.top)
  await gitText(tree.top, ['update-ref', '--stdin'], {
    what: 'delete the ledgers',
    config: settings.ok ? hooksOff(settings.value) : [],
    input: refs.map((ref) => `delete ${ref}\n`).join(''),
  })
  removeEmptyFolders(tree.commonDir)
}
