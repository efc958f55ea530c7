import type { HistoryRange } from '@kitty/git-commit'
import { isOpId, type OpId } from '@kitty/record'
import {
  ATTRIBUTES_PATH,
  archivedPath,
  EVIDENCE_DIR,
  INDEX_PATH,
  isLogName,
  opIdOfName,
  recordPath,
} from '@kitty/writer'

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** The Op whose record lies at a path below the top; undefined for any other file. */
export const opAt = ({ prefix }: HistoryRange, path: string): OpId | undefined => {
  const id = opIdOfName(nameOf(path))
  if (id === undefined || !isOpId(id)) return undefined
  return [recordPath(id), archivedPath(id)].includes(path.slice(prefix.length)) ? id : undefined
}

/** Whether a file could be a record under another name: whatever ends like one, logs apart. */
export const looksLikeRecord = (path: string): boolean =>
  path.endsWith('.jsonl') && !isLogName(nameOf(path))

/** Whether a commit of this Op may hold a file. */
export const belongsTo = ({ prefix }: HistoryRange, id: OpId, path: string): boolean => {
  if (!path.startsWith(prefix)) return false
  const inRoot = path.slice(prefix.length)
  const places = [recordPath(id), archivedPath(id), INDEX_PATH, ATTRIBUTES_PATH]
  return places.includes(inRoot) || inRoot.startsWith(`${EVIDENCE_DIR}/${id}/`)
}
