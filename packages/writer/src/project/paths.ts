import { join } from 'node:path'
import { isOpId, KittyError, type OpId, opIdTime } from '@kitty/record'

/** The folder of the records. This and every path below is relative to the project root, with `/`. */
export const OPS_DIR = 'kitty-ops'

/** The cache for reverse scans. */
export const INDEX_PATH = `${OPS_DIR}/ops-index.jsonl`

/** The pairing log of loop steps. */
export const LIFECYCLE_PATH = `${OPS_DIR}/lifecycle.jsonl`

/** What a propagator could not take. */
export const PROPAGATION_ERRORS_PATH = `${OPS_DIR}/propagation-errors.jsonl`

const LOGS = [INDEX_PATH, LIFECYCLE_PATH, PROPAGATION_ERRORS_PATH]

/** Whether a file's name is that of a log, which ends like a record and is none. */
export const isLogName = (name: string): boolean => LOGS.includes(`${OPS_DIR}/${name}`)

/** The attributes that make git keep records to the byte. */
export const ATTRIBUTES_PATH = `${OPS_DIR}/.gitattributes`

/** Closed Ops that were moved out of the hot folder. */
export const ARCHIVE_DIR = `${OPS_DIR}/archive`

/** Promoted evidence, a folder for each Op. */
export const EVIDENCE_DIR = '.kittify/evidence'

/** What `.gitattributes` holds: bytes in are bytes out, and branches that both worked merge. */
export const ATTRIBUTES_TEXT = `\
*.jsonl -text -filter -ident !working-tree-encoding !merge linguist-generated
ops-index.jsonl merge=union
lifecycle.jsonl merge=union
propagation-errors.jsonl merge=union
`

// Ids end up in paths, so that nothing but a ULID may pass.
const checked = (id: string): string => {
  if (isOpId(id)) return id
  throw new KittyError('OP_ID_INVALID', `Not an Op id: ${JSON.stringify(id).slice(0, 80)}`, {
    hint: 'An Op id is a ULID: 26 characters, digits and capital letters.',
  })
}

/** Where the record of an Op lies while it is hot. Throws `OP_ID_INVALID` for anything but a ULID. */
export const recordPath = (id: string): string => `${OPS_DIR}/${checked(id)}.jsonl`

/** Where the record of an Op lies once archived: the month (UTC) follows from the ULID alone. */
export const archivedPath = (id: string): string => {
  const month = new Date(opIdTime(checked(id))).toISOString().slice(0, -'-DDTHH:mm:ss.sssZ'.length)
  return `${ARCHIVE_DIR}/${month}/${id}.jsonl`
}

const MONTH = /^(?:\+0\d)?\d{4}-\d{2}$/

/** Whether a folder in the archive has the name of a month: `2026-03`. Years of five digits have a sign: `+010889-08`. */
export const isArchiveMonth = (name: string): boolean => MONTH.test(name)

/** The folder of the evidence of an Op. Throws `OP_ID_INVALID` for anything but a ULID. */
export const evidenceFolder = (id: string): string => `${EVIDENCE_DIR}/${checked(id)}`

const EXTENSION = '.jsonl'

/** The id in a record's file name; `undefined` for a file that is no record. */
export const opIdOfName = (name: string): OpId | undefined => {
  if (!name.endsWith(EXTENSION)) return undefined
  const id = name.slice(0, -EXTENSION.length)
  return isOpId(id) ? id : undefined
}

/** A path of this system from a root and a path relative to it with `/`, which Windows takes as well. */
export const toAbsolute = (root: string, relative: string): string => join(root, relative)
