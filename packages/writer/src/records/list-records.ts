import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { opIdTime } from '@kitty/record'
import { errnoOf, readError } from '../fs/errors.js'
import { ARCHIVE_DIR, isArchiveMonth, OPS_DIR, opIdOfName, toAbsolute } from '../project/paths.js'
import {
  hasRecordFolder,
  type OpFile,
  type RecordLocation,
  tryReadRecordAt,
} from './record-file.js'

const entriesOf = async (root: string, folder: string): Promise<readonly Dirent[]> => {
  if (!hasRecordFolder(root, folder)) return []
  const path = toAbsolute(root, folder)
  return readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    // Git removes a folder with its last file.
    if (errnoOf(error) === 'ENOENT') return []
    throw readError(error, path)
  })
}

const recordsIn = async (root: string, folder: string): Promise<readonly RecordLocation[]> => {
  const entries = await entriesOf(root, folder)
  return entries.flatMap((entry) => {
    const id = opIdOfName(entry.name)
    return id === undefined ? [] : [{ id, path: `${folder}/${entry.name}`, isFile: entry.isFile() }]
  })
}

type Month = {
  /** Relative to the root, with `/`. */
  readonly folder: string
  /** Its start and end, in milliseconds since 1970. */
  readonly from: number
  readonly until: number
}

/** A year of five digits has a sign. */
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
  // A file with the name of a month is ignored, so that it does not hide the other months.
  const folders = entries.filter((entry) => !entry.isFile())
  const names = folders.map(({ name }) => name).filter(isArchiveMonth)
  return names.map(monthOf).sort((a, b) => b.from - a.from)
}

const newestFirst = (a: RecordLocation, b: RecordLocation): number => (a.id < b.id ? 1 : -1)

/**
 * Iterates over every Op that has a record file, hot or archived, once and newest first. A record in both places (an
 * archive run was interrupted) counts as hot. A month of the archive is read only once the iteration reaches it.
 * Throws `SYMLINK_REFUSED` if a folder is a symbolic link.
 */
export async function* iterateRecords(root: string): AsyncGenerator<RecordLocation> {
  let rest = [...(await recordsIn(root, OPS_DIR))].sort(newestFirst)
  const known = new Set(rest.map(({ id }) => id))
  const upTo = (moment: number): readonly RecordLocation[] => {
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

/** Lists every Op that has a record file, like `iterateRecords`. Throws as it does. */
export const listRecords = async (root: string): Promise<readonly RecordLocation[]> => {
  const places: RecordLocation[] = []
  for await (const place of iterateRecords(root)) places.push(place)
  return places
}

// Reads are synchronous; yield to the event loop after this many.
const READS_PER_YIELD = 32

/**
 * Reads records lazily, in the order of their places. Skips a record that was deleted meanwhile or cannot be read,
 * so that no single file fails a listing.
 */
export async function* readRecords(
  root: string,
  places: Iterable<RecordLocation> | AsyncIterable<RecordLocation>,
): AsyncGenerator<OpFile> {
  let number = 0
  for await (const place of places) {
    number += 1
    if (number % READS_PER_YIELD === 0) await setImmediate()
    const file = tryReadRecordAt(root, place)
    if (file !== undefined) yield file
  }
}
