import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { isOpId, KittyError, type OpId, opIdTime } from '@kitty/record'
import { errnoOf } from '../fs/errno.js'
import { readError } from '../fs/errors.js'
import { notFound } from '../ops/errors.js'
import { ARCHIVE_DIR, OPS_DIR, opIdOfName, toAbsolute } from '../project/paths.js'
import { hasRecordFolder, type RecordPlace, readRecord } from './record-file.js'

const entriesOf = async (root: string, folder: string): Promise<readonly Dirent[]> => {
  if (!hasRecordFolder(root, folder)) return []
  const path = toAbsolute(root, folder)
  return readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    // Git takes a folder away with its last file.
    if (errnoOf(error) === 'ENOENT') return []
    throw readError(error, path)
  })
}

const recordsIn = async (root: string, folder: string): Promise<readonly RecordPlace[]> => {
  const entries = await entriesOf(root, folder)
  return entries.flatMap((entry) => {
    const id = opIdOfName(entry.name)
    return id === undefined ? [] : [{ id, path: `${folder}/${entry.name}`, isFile: entry.isFile() }]
  })
}

const MONTH = /^(?:\+0\d)?\d{4}-\d{2}$/

type Month = {
  /** Relative to the root, with `/`. */
  readonly folder: string
  /** When it begins and ends, in milliseconds since 1970. */
  readonly from: number
  readonly until: number
}

/** Years of five digits have a sign. */
const monthOf = (name: string): Month => {
  const dash = name.lastIndexOf('-')
  const [year, month] = [Number(name.slice(0, dash)), Number(name.slice(dash + 1))]
  return {
    folder: `${ARCHIVE_DIR}/${name}`,
    from: Date.UTC(year, month - 1),
    until: Date.UTC(year, month),
  }
}

/** The months of the archive, the latest first. */
const archiveMonths = async (root: string): Promise<readonly Month[]> => {
  const entries = await entriesOf(root, ARCHIVE_DIR)
  // A file of that name is no month, and must not hide the others.
  const folders = entries.filter((entry) => !entry.isFile())
  const names = folders.map(({ name }) => name).filter((name) => MONTH.test(name))
  return names.map(monthOf).sort((a, b) => b.from - a.from)
}

const newestFirst = (a: RecordPlace, b: RecordPlace): number => (a.id < b.id ? 1 : -1)

/**
 * Every Op that has a file, hot or archived, once and newest first. One that is in both places (an archiving
 * was cut off) counts as hot. A month of the archive is only looked into when somebody has come that far back.
 * Throws `SYMLINK_REFUSED` when a folder is a symbolic link.
 */
export async function* placesNewestFirst(root: string): AsyncGenerator<RecordPlace> {
  let rest = [...(await recordsIn(root, OPS_DIR))].sort(newestFirst)
  const known = new Set(rest.map(({ id }) => id))
  const upTo = (moment: number): readonly RecordPlace[] => {
    const older = rest.findIndex(({ id }) => opIdTime(id) < moment)
    return rest.splice(0, older === -1 ? rest.length : older)
  }
  for (const { folder, from, until } of await archiveMonths(root)) {
    yield* upTo(until)
    const archived = (await recordsIn(root, folder)).filter(({ id }) => !known.has(id))
    for (const { id } of archived) known.add(id)
    rest = [...rest, ...archived].sort(newestFirst)
    yield* upTo(from)
  }
  yield* rest
}

/** All of them at once. Throws as `placesNewestFirst` does. */
export const listRecordIds = async (root: string): Promise<readonly RecordPlace[]> => {
  const places: RecordPlace[] = []
  for await (const place of placesNewestFirst(root)) places.push(place)
  return places
}

const SHOWN = 8

/** `AMBIGUOUS_ID`: several Ops have an id that begins with what was given. */
export class AmbiguousIdError extends KittyError {
  /** All of them, newest first. */
  readonly ids: readonly OpId[]

  constructor(prefix: string, ids: readonly OpId[]) {
    const more = ids.length > SHOWN ? `, and ${ids.length - SHOWN} more` : ''
    super('AMBIGUOUS_ID', `${ids.length} Ops begin with ${prefix}.`, {
      hint: `Give more of the id: ${ids.slice(0, SHOWN).join(', ')}${more}.`,
    })
    this.ids = ids
  }
}

/**
 * The one Op whose id begins with a prefix, in capital or small letters. `alsoKnown` are ids that may
 * have lost their file. Throws `OP_NOT_FOUND`, and an `AmbiguousIdError`.
 */
export const resolveOpId = async (
  root: string,
  prefix: string,
  alsoKnown: readonly OpId[] = [],
): Promise<OpId> => {
  const wanted = prefix.trim().toUpperCase()
  // The usual case, a whole id, need not look through the folder.
  if (isOpId(wanted) && (await readRecord(root, wanted)) !== undefined) return wanted
  const onDisk = (await listRecordIds(root)).map(({ id }) => id)
  const ids = [...new Set([...onDisk, ...alsoKnown])].filter((id) => id.startsWith(wanted))
  const [only, second] = wanted === '' ? [] : ids
  if (only === undefined) throw notFound(prefix)
  if (second !== undefined) throw new AmbiguousIdError(wanted, ids)
  return only
}
