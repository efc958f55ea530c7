import { KittyError } from '@kitty/record'
import { toTopPath } from '../git/paths.js'
import { gitText } from '../git/query.js'
import { hooksOff, readRepoConfig } from '../repository/config.js'
import { readWorkTree, type WorkTreeState } from '../repository/work-tree.js'
import { INDEX_SETTINGS } from './index-entries.js'
import { lockIndex, prepareIndexUpdate } from './index-file.js'

/** A change of one entry in git's index. */
export type IndexEdit = {
  /** Relative to the project root, with `/`. */
  readonly path: string
  /** `remove` removes the entry from the index; the file itself stays. */
  readonly kind: 'set' | 'remove'
  readonly blob: string
}

const lineOf = ({ kind, path, blob }: IndexEdit, prefix: string): string => {
  const entry = kind === 'remove' ? `0 ${'0'.repeat(blob.length)}` : `100644 ${blob}`
  return `${entry}\t${toTopPath(prefix, path)}\0`
}

const HINT = 'Check whether another git process is running here, then try again.'

const LOCK_TIMEOUT_MS = 2_000

const applyEdits = async (workTree: WorkTreeState, input: string): Promise<void> => {
  const repoConfig = await readRepoConfig(workTree.top)
  const hooks = repoConfig.ok ? hooksOff(repoConfig.value) : []
  const change = async (copy: string): Promise<undefined> => {
    await gitText(workTree.top, ['update-index', '-z', '--index-info'], {
      what: 'update the index',
      hint: HINT,
      input,
      env: { GIT_INDEX_FILE: copy },
      config: [...INDEX_SETTINGS, ...hooks],
    })
  }
  const update = await prepareIndexUpdate({ ...workTree, durability: 'process' }, { change })
  if (update.ok) await update.value.commit().finally(update.value.dispose)
}

/**
 * Changes entries of git's index and nothing else: no file, no commit, no other entry. Does nothing outside git.
 * Holds the index lock in the same way as a commit, so that a lock left by a crash is known to be made by this
 * software.
 *
 * @throws KittyError `INDEX_LOCKED` if another process holds the index, `GIT_FAILED`, `GIT_NOT_STARTED`.
 */
export const editIndex = async (root: string, entries: readonly IndexEdit[]): Promise<void> => {
  const workTree = await readWorkTree(root)
  if (workTree === undefined || entries.length === 0) return
  const lock = await lockIndex(workTree.gitDir, LOCK_TIMEOUT_MS)
  if (!lock.ok) {
    throw new KittyError('INDEX_LOCKED', 'Another git process holds the index (index.lock).', {
      hint: HINT,
    })
  }
  const input = entries.map((entry) => lineOf(entry, workTree.prefix)).join('')
  await applyEdits(workTree, input).finally(lock.value.release)
}
