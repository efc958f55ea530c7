import { basename } from 'node:path/posix'
import type { OpId } from '@kitty/record'
import { opIdOfName } from '@kitty/writer/internals'
import { gitText } from '../git/query.js'
import { findHistory, findMergeBases, resolveRevision } from './find-history.js'

/** `<mode> blob <id>\t<path>` */
const ENTRY = /^100\d{3} blob ([0-9a-f]+)\t(.*)$/s

const recordsAt = async (cwd: string, commit: string, folder: string) => {
  const args = ['ls-tree', '-r', '-z', '--full-tree', commit, '--', folder]
  const listing = await gitText(cwd, args, { what: 'list the records' })
  const found = new Map<OpId, string>()
  for (const entry of listing.split('\0')) {
    const [, blob, path = ''] = ENTRY.exec(entry) ?? []
    const id = opIdOfName(basename(path))
    if (id !== undefined && blob !== undefined) found.set(id, blob)
  }
  return found
}

/**
 * Returns whether the record of an Op is new since a revision: not in the merge base of HEAD and the revision, or changed
 * since then. A record that is not in HEAD is new, too; one that was moved to the archive is not.
 *
 * @throws KittyError `NO_REPOSITORY`, `REV_NOT_FOUND`, `GIT_FAILED`, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const recordsSince = async (root: string, rev: string): Promise<(id: OpId) => boolean> => {
  const history = await findHistory(root)
  const { cwd, folder, tip } = history
  const commit = await resolveRevision(cwd, rev)
  // Without a common ancestor, as in a shallow clone, the revision itself is the best that is known.
  const [base = commit] = await findMergeBases(history, commit)
  const [before, now] = await Promise.all([
    recordsAt(cwd, base, folder),
    tip === undefined ? new Map<OpId, string>() : recordsAt(cwd, tip, folder),
  ])
  return (id) => {
    const [old, blob] = [before.get(id), now.get(id)]
    return old === undefined || (blob !== undefined && blob !== old)
  }
}
