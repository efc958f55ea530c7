import type { HistoryPlace } from '@kitty/git-commit'
import { isOpId, type OpId } from '@kitty/record'
import { archivedPath, EVIDENCE_DIR, OPS_DIR, opIdOfName, recordPath } from '@kitty/writer'

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** The Op whose record lies at a path below the top; undefined for any other file. */
export const opAt = ({ prefix }: HistoryPlace, path: string): OpId | undefined => {
  const id = opIdOfName(nameOf(path))
  if (id === undefined || !isOpId(id)) return undefined
  return [recordPath(id), archivedPath(id)].includes(path.slice(prefix.length)) ? id : undefined
}

/** Whether a file could be a record under another name: whatever ends like one, logs apart. */
export const looksLikeRecord = (path: string): boolean =>
  path.endsWith('.jsonl') &&
  !['ops-index.jsonl', 'lifecycle.jsonl', 'propagation-errors.jsonl'].includes(nameOf(path))

/** Whether a commit of this Op may hold a file. */
export const belongsTo = ({ prefix }: HistoryPlace, id: OpId, path: string): boolean => {
  if (!path.startsWith(prefix)) return false
  const own = [`${OPS_DIR}/ops-index.jsonl`, `${OPS_DIR}/.gitattributes`]
  const inRoot = path.slice(prefix.length)
  const places = [recordPath(id), archivedPath(id), ...own]
  return places.includes(inRoot) || inRoot.startsWith(`${EVIDENCE_DIR}/${id}/`)
}
