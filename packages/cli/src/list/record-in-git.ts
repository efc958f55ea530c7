import { basename } from 'node:path/posix'
import type { IdPart, OpFile } from '@kitty/writer'
import { isMissing } from '../command/errors.js'

/**
 * Finds the record in HEAD by the start or the end of its id. Returns `undefined` if there is none, or if git fails. Throws
 * `AMBIGUOUS_ID`.
 */
const findInGit = async (
  root: string,
  typed: string,
  part: IdPart,
): Promise<OpFile | undefined> => {
  const { readBlobs, recordsInHead } = await import('@kitty/git-commit/inspect')
  const { AmbiguousIdError } = await import('@kitty/writer')
  const { idMatcher, opFileOf, opIdOfName } = await import('@kitty/writer/internals')
  const head = await recordsInHead(root).catch(() => undefined)
  const isMatch = idMatcher(typed, part)
  const found = [...(head ?? [])].flatMap(([path, blob]) => {
    const id = opIdOfName(basename(path))
    return id !== undefined && isMatch(id) ? [{ id, path, blob }] : []
  })
  const [only, second] = found
  if (only === undefined) return undefined
  if (second !== undefined)
    throw new AmbiguousIdError(
      typed.trim().toUpperCase(),
      found
        .map(({ id }) => id)
        .toSorted()
        .toReversed(),
      part,
    )
  const bytes = (await readBlobs(root, [only.blob])).get(only.blob)
  return bytes && opFileOf(root, only.id, { bytes, path: only.path })
}

/** Reads a record, from HEAD if it is not on disk, as with a sparse checkout. */
export const readOrFromGit = async (
  root: string,
  { typed, part }: { readonly typed: string; readonly part: IdPart },
  read: () => Promise<OpFile>,
): Promise<{ readonly file: OpFile; readonly isInGitAlone: boolean }> => {
  try {
    return { file: await read(), isInGitAlone: false }
  } catch (error) {
    const file = isMissing(error) ? await findInGit(root, typed, part) : undefined
    if (file === undefined) throw error
    return { file, isInGitAlone: true }
  }
}
