import type { HistoryRange } from '@kitty/git-commit/inspect'
import { isOpId, type OpId } from '@kitty/record'
import {
  ATTRIBUTES_PATH,
  archivedPath,
  EVIDENCE_DIR,
  INDEX_PATH,
  isLogName,
  opIdOfName,
  recordPath,
} from '@kitty/writer/internals'

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** Returns the Op whose record is at a path relative to the top, or `undefined` for any other file. */
export const opAt = ({ prefix }: HistoryRange, path: string): OpId | undefined => {
  const id = opIdOfName(nameOf(path))
  if (id === undefined || !isOpId(id)) return undefined
  return [recordPath(id), archivedPath(id)].includes(path.slice(prefix.length)) ? id : undefined
}

/** Whether a file can be a record under another name: it ends like one and is not a log. */
export const looksLikeRecord = (path: string): boolean =>
  path.endsWith('.jsonl') && !isLogName(nameOf(path))

/** Whether the commit of this Op may contain a file. */
export const belongsTo = ({ prefix }: HistoryRange, id: OpId, path: string): boolean => {
  if (!path.startsWith(prefix)) return false
  const inRoot = path.slice(prefix.length)
  const places = [recordPath(id), archivedPath(id), INDEX_PATH, ATTRIBUTES_PATH]
  return places.includes(inRoot) || inRoot.startsWith(`${EVIDENCE_DIR}/${id}/`)
}
