import { type Dirent, opendirSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { type OpId, opIdTime } from '@kitty/record'
import { errnoOf, readError } from '../fs/errors.js'
import {
  ARCHIVE_DIR,
  isArchiveMonth,
  OPS_DIR,
  opIdIn,
  opIdOfName,
  toAbsolute,
} from '../project/paths.js'
import {
  hasRecordFolder,
  type OpFile,
  type RecordLocation,
  tryReadRecordAt,
} from './record-file.js'

/** A record in a listing. Keeps nothing but its name and makes the rest of it: there can be 100,000. */
class ListedRecord implements RecordLocation {
  readonly folder: string
  readonly name: string
  readonly isFile: boolean

  constructor(folder: string, name: string, isFile: boolean) {
    this.folder = folder
    this.name = name
    this.isFile = isFile
  }

  get id(): OpId {
    return opIdIn(this.name)
  }

  get path(): string {
    return `${this.folder}/${this.name}`
  }
}

const newestFirst = (a: ListedRecord, b: ListedRecord): number => (a.name < b.name ? 1 : -1)

/** Calls `take` for each entry of a folder. The system lists some at a time: there can be 100,000. */
const listFolder = (path: string, take: (entry: Dirent) => void): void => {
  const folder = opendirSync(path, { bufferSize: 1_000 })
  try {
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) take(entry)
  } finally {
    folder.closeSync()
  }
}

const eachEntry = (root: string, folder: string, take: (entry: Dirent) => void): void => {
  if (!hasRecordFolder(root, folder)) return
  const path = toAbsolute(root, folder)
  try {
    listFolder(path, take)
  } catch (error) {
    // Git removes a folder with its last file.
    if (errnoOf(error) !== 'ENOENT') throw readError(error, path)
  }
}

/** The records in a folder, newest first. */
const recordsIn = (root: string, folder: string): ListedRecord[] => {
  const records: ListedRecord[] = []
  eachEntry(root, folder, (entry) => {
    const { name } = entry
    if (opIdOfName(name)) records.push(new ListedRecord(folder, name, entry.isFile()))
  })
  return records.sort(newestFirst)
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
const archiveMonths = (root: string): readonly Month[] => {
  const months: Month[] = []
  eachEntry(root, ARCHIVE_DIR, (entry) => {
    // A file with the name of a month is ignored, so that it does not hide the other months.
    if (!entry.isFile() && isArchiveMonth(entry.name)) months.push(monthOf(entry.name))
  })
  return months.sort((a, b) => b.from - a.from)
}

/** Yields the records of `iterateRecords`, many at a time. */
function* recordsInTurn(root: string): Generator<readonly ListedRecord[]> {
  let rest = recordsIn(root, OPS_DIR)
  const months = archiveMonths(root)
  const known = new Set(months.length > 0 ? rest.map(({ name }) => name) : [])
  const upTo = (moment: number): readonly ListedRecord[] => {
    const older = rest.findIndex(({ id }) => opIdTime(id) < moment)
    return rest.splice(0, older === -1 ? rest.length : older)
  }
  for (const { folder, from, until } of months) {
    yield upTo(until)
    const archived = recordsIn(root, folder).filter(({ name }) => !known.has(name))
    for (const { name } of archived) known.add(name)
    rest = [...rest, ...archived].sort(newestFirst)
    yield upTo(from)
  }
  yield rest
}

/**
 * Iterates over every Op that has a record file, hot or archived, once and newest first. A record in both places (an
 * archive run was interrupted) counts as hot. A month of the archive is read only once the iteration reaches it.
 * Throws `SYMLINK_REFUSED` if a folder is a symbolic link.
 */
export async function* iterateRecords(root: string): AsyncGenerator<RecordLocation> {
  for (const places of recordsInTurn(root)) yield* places
}

/** Lists every Op that has a record file, like `iterateRecords`. Throws as it does. */
export const listRecords = async (root: string): Promise<readonly RecordLocation[]> => {
  const [first = [], ...others] = recordsInTurn(root)
  return others.length === 0 ? first : first.concat(...others)
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
