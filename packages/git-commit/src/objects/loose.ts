import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Durability } from '@kitty/writer'
import { ignoreErrno, shareLikeGit, syncFile, syncToDisk } from '@kitty/writer/internals'
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

const HEADER = /^(blob|tree|commit) \d+$/

const isType = (word: string | undefined): word is ObjectType =>
  word === 'blob' || word === 'tree' || word === 'commit'

/**
 * Reads an object from a file of its own, as new objects are stored. Returns `undefined` if there is none, or if it
 * is damaged or of an unknown type: git may have it elsewhere, or can report what is wrong.
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

/** Creates a folder in the git directory, with the mode that git would give it. */
export const makeFolder = (folder: string): void => {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  if (ignoreErrno('EEXIST', () => mkdirSync(folder))) shareLikeGit(folder)
}

/** How often creating a file is tried: a clean-up can remove its empty folder repeatedly. */
const MAX_ATTEMPTS = 5

const openNew = (path: string): number => {
  const open = (): number => openSync(path, 'wx', 0o444)
  for (let left = MAX_ATTEMPTS; left > 0; left -= 1) {
    try {
      return open()
    } catch {
      // Another git can create or remove the folder at the same time; any other error happens again.
      ignoreErrno('ENOENT', () => makeFolder(dirname(path)))
    }
  }
  return open()
}

/** Returns the path of a draft. Git itself removes files with such names that a crash left. */
const draftPathFor = (path: string): string =>
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
    shareLikeGit(path)
    if (durability === 'power') await syncToDisk(file)
  } finally {
    closeSync(file)
  }
}

/**
 * Renews the times of an existing object, so that no clean-up removes it, and syncs it. Returns `false` if that is
 * not allowed: in a shared repository, another user can own the file.
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

/** Writes an object to a file of its own, atomically; keeps an existing one that is whole. Throws file system errors. */
export const writeLoose = async (
  commonDir: string,
  object: GitObject,
  durability: Durability,
): Promise<void> => {
  const path = pathOf(commonDir, object.id)
  // A file that a power loss left empty is replaced.
  const isThere = existsSync(path) && readLoose(commonDir, object.id) !== undefined
  if (isThere && (await freshen(path, durability))) return
  const draft = draftPathFor(path)
  const file = openNew(draft)
  try {
    await fill(file, draft, object, durability)
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    // Windows does not allow replacing a file that another process has just created and reads.
    if (readLoose(commonDir, object.id) === undefined) throw error
  }
}
