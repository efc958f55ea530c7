import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  fchmodSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { type Durability, ignoreErrno, syncFile, syncToDisk } from '@kitty/writer'
import {
  deflate,
  formatOf,
  type GitObject,
  gitObject,
  headerOf,
  inflate,
  type ObjectType,
} from './object.js'

const pathOf = (commonDir: string, id: string): string =>
  join(commonDir, 'objects', id.slice(0, 2), id.slice(2))

/** Whether an object lies in a file of its own. */
export const isLoose = (commonDir: string, id: string): boolean => existsSync(pathOf(commonDir, id))

const HEADER = /^(blob|tree|commit) \d+$/

const isType = (word: string | undefined): word is ObjectType =>
  word === 'blob' || word === 'tree' || word === 'commit'

/**
 * An object that lies in a file of its own, as new ones do. Undefined where there is none, and where it
 * is damaged or of a kind unknown here: git may have it elsewhere, or has the right words for it.
 */
export const readLoose = (commonDir: string, id: string): GitObject | undefined => {
  try {
    const content = inflate(readFileSync(pathOf(commonDir, id)))
    const end = content.indexOf(0)
    const type = HEADER.exec(content.toString('latin1', 0, end))?.[1]
    if (!isType(type)) return undefined
    const object = gitObject(type, content.subarray(end + 1), formatOf(id))
    return object.id === id ? object : undefined
  } catch {
    return undefined
  }
}

/** Makes a folder; as many people may use it as the folder that it is in: see `core.sharedRepository`. */
export const makeFolder = (folder: string): void => {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  mkdirSync(folder, { recursive: true })
  const { mode } = statSync(dirname(folder))
  if (statSync(folder).mode !== mode) chmodSync(folder, mode)
}

/** A clean-up takes empty folders away, and may do so again and again. */
const MAX_ATTEMPTS = 5

const openNew = (path: string): number => {
  const open = (): number => openSync(path, 'wx', 0o444)
  for (let left = MAX_ATTEMPTS; left > 0; left -= 1) {
    try {
      return open()
    } catch {
      // Another git may make the folder at the same time, or clear it away; whatever else is wrong, is wrong again.
      ignoreErrno('ENOENT', () => makeFolder(dirname(path)))
    }
  }
  return open()
}

/** Git clears away what is called so and was left by a crash. */
const besides = (path: string): string =>
  join(dirname(path), `tmp_obj_${randomBytes(6).toString('hex')}`)

const packed = ({ type, bytes }: GitObject): Buffer =>
  deflate(Buffer.concat([headerOf(type, bytes.length), bytes]))

const fill = async (
  file: number,
  path: string,
  object: GitObject,
  durability: Durability,
): Promise<void> => {
  try {
    writeFileSync(file, packed(object))
    if (process.platform !== 'win32') fchmodSync(file, statSync(dirname(path)).mode & 0o444)
    if (durability === 'power') await syncToDisk(file)
  } finally {
    closeSync(file)
  }
}

/**
 * Makes an object that is there count as new again, so that no clean-up takes it, and sees that it is on
 * the platter. False where that is not ours to do: in a shared repository, another may own the file.
 */
const freshen = async (path: string, durability: Durability): Promise<boolean> => {
  const now = new Date()
  try {
    utimesSync(path, now, now)
  } catch {
    return false
  }
  if (durability === 'power') await syncFile(path)
  return true
}

/**
 * Writes an object into a file of its own, whole or not at all; one that is there already is kept.
 * Throws what the file system throws.
 */
export const writeLoose = async (
  commonDir: string,
  object: GitObject,
  durability: Durability,
): Promise<void> => {
  const path = pathOf(commonDir, object.id)
  if (existsSync(path) && (await freshen(path, durability))) return
  const draft = besides(path)
  const file = openNew(draft)
  try {
    await fill(file, draft, object, durability)
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    // Windows lets nobody replace a file that another process has just put there and reads.
    if (!existsSync(path)) throw error
  }
}
