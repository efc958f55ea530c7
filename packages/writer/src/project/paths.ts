import { sep } from 'node:path'
import { isOpId, type OpId, opIdTime, parseOpId } from '@kitty/record'

/** The folder of the records. This and every path below is relative to the project root, with `/`. */
export const OPS_DIR = 'kitty-ops'

/** The index: a cache with a row for each of the newest closed Ops. */
export const INDEX_PATH = `${OPS_DIR}/ops-index.jsonl`

/** The lifecycle log: the starts and ends of mission steps. */
export const LIFECYCLE_PATH = `${OPS_DIR}/lifecycle.jsonl`

/** The log of failed propagations. */
export const PROPAGATION_ERRORS_PATH = `${OPS_DIR}/propagation-errors.jsonl`

/**
 * Where the Python spec-kitty closes Ops whose committed records it leaves as they are. We read it and never write it: two
 * branches that both add to it conflict.
 */
export const CLOSURES_PATH = `${OPS_DIR}/op-closures.jsonl`

const LOGS = [INDEX_PATH, LIFECYCLE_PATH, PROPAGATION_ERRORS_PATH, CLOSURES_PATH]

/** Whether a file name is that of a log, which has the extension of a record but is not one. */
export const isLogName = (name: string): boolean => LOGS.includes(`${OPS_DIR}/${name}`)

/** The attributes that make git keep the exact bytes of records. */
export const ATTRIBUTES_PATH = `${OPS_DIR}/.gitattributes`

/** Closed Ops that were moved out of the hot folder. */
export const ARCHIVE_DIR = `${OPS_DIR}/archive`

/** Promoted evidence, a folder for each Op. */
export const EVIDENCE_DIR = '.kittify/evidence'

/** The content of `.gitattributes`: records are stored byte for byte, and logs of two branches merge (union). */
export const ATTRIBUTES_TEXT = `\
*.jsonl -text -filter -ident !working-tree-encoding !merge linguist-generated
ops-index.jsonl merge=union
lifecycle.jsonl merge=union
propagation-errors.jsonl merge=union
`

/** The path of an Op's record in the hot folder. */
export const recordPath = (id: OpId): string => `${OPS_DIR}/${id}.jsonl`

/** The path of an Op's record in the archive; its month (UTC) follows from the ULID. */
export const archivedPath = (id: OpId): string => {
  const month = new Date(opIdTime(id)).toISOString().slice(0, -'-DDTHH:mm:ss.sssZ'.length)
  return `${ARCHIVE_DIR}/${month}/${id}.jsonl`
}

const MONTH = /^(?:\+0\d)?\d{4}-\d{2}$/

/** Whether a folder in the archive is named after a month: `2026-03`, or `+010889-08` for a year of five digits. */
export const isArchiveMonth = (name: string): boolean => MONTH.test(name)

/** The folder of the evidence of an Op. */
export const evidenceFolder = (id: OpId): string => `${EVIDENCE_DIR}/${id}`

const EXTENSION = '.jsonl'

/** The id in the name of a record's file. Throws `OP_ID_INVALID` for another name. */
export const opIdIn = (name: string): OpId => parseOpId(name.slice(0, -EXTENSION.length))

/** The id in a record's file name; `undefined` if the file is not a record. */
export const opIdOfName = (name: string): OpId | undefined => {
  if (!name.endsWith(EXTENSION)) return undefined
  const id = name.slice(0, -EXTENSION.length)
  return isOpId(id) ? id : undefined
}

const toNative = (path: string): string => (sep === '/' ? path : path.replaceAll('/', sep))

/**
 * Joins a root and a relative path with `/` to a path of this system. Neither has parts to resolve, and `path.join` would
 * look for them in each of 100,000 paths.
 */
export const toAbsolute = (root: string, relative: string): string =>
  `${root}${root.endsWith(sep) ? '' : sep}${toNative(relative)}`
