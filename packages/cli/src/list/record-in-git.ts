import { basename } from 'node:path/posix'
import { parseOpRecord } from '@kitty/record'
import type { OpFile } from '@kitty/writer'
import { isMissing } from '../command/errors.js'

/**
 * The one record that the branch has under an id that begins so. None outside git, or where git cannot say.
 * Throws `AMBIGUOUS_ID`.
 */
const findInGit = async (root: string, typed: string): Promise<OpFile | undefined> => {
  const { readBlobs, recordsInHead } = await import('@kitty/git-commit')
  const { AmbiguousIdError, opIdOfName } = await import('@kitty/writer')
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

/** What reading gives; and where the disk has no such Op, what git has, as a sparse checkout leaves it. */
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
