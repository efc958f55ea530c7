import { rmdirSync } from 'node:fs'
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

/** Git leaves the folders behind. Not an error if something is in them, or if there are none. */
const removeEmptyFolders = (commonDir: string): void => {
  for (const folder of [OWN_REFS, `logs/${OWN_REFS}`]) {
    for (const part of ['ops', 'remotes', '']) {
      try {
        rmdirSync(join(commonDir, folder, part))
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
