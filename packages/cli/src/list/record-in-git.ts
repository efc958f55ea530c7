import { basename } from 'node:path/posix'
import { parseOpRecord } from '@kitty/record'
import type { OpFile } from '@kitty/writer'
import { isMissing } from '../command/errors.js'

/**
 * Finds the record in HEAD by a prefix of its id. Returns `undefined` if there is none, or if git fails. Throws
 * `AMBIGUOUS_ID`.
 */
const findInGit = async (root: string, typed: string): Promise<OpFile | undefined> => {
  const { readBlobs, recordsInHead } = await import('@kitty/git-commit/inspect')
  const { AmbiguousIdError } = await import('@kitty/writer')
  const { opIdOfName } = await import('@kitty/writer/internals')
  const head = await recordsInHead(root).catch(() => undefined)
  const wanted = typed.trim().toUpperCase()
  const found = [...(head ?? [])].flatMap(([path, blob]) => {
    const id = opIdOfName(basename(path))
    return id !== undefined && wanted !== '' && id.startsWith(wanted) ? [{ id, path, blob }] : []
  })
  const [only, second] = found
  if (only === undefined) return undefined
  if (second !== undefined)
    throw new AmbiguousIdError(
      wanted,
      found
        .map(({ id }) => id)
        .toSorted()
        .toReversed(),
    )
  const bytes = (await readBlobs(root, [only.blob])).get(only.blob)
  return bytes && { record: parseOpRecord(bytes, { opId: only.id }), bytes, path: only.path }
}

/** Reads a record, from HEAD if it is not on disk, as with a sparse checkout. */
export const readOrFromGit = async (
  root: string,
  typed: string,
  read: () => Promise<OpFile>,
): Promise<{ readonly file: OpFile; readonly isInGitAlone: boolean }> => {
  try {
    return { file: await read(), isInGitAlone: false }
  } catch (error) {
    const file = isMissing(error) ? await findInGit(root, typed) : undefined
    if (file === undefined) throw error
    return { file, isInGitAlone: true }
  }
}
