import { randomBytes } from 'node:crypto'
import {
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { isOpId, type OpId } from '@kitty/record'
import { createNew, replaceFile, syncFile, tryUnlink } from '../fs/durable-file.js'
import { ignoring, unless, writeError } from '../fs/errors.js'
import { syncFolder } from '../fs/folder.js'
import { readRegular } from '../fs/regular-file.js'
import { countsAsLiving } from '../lock/owner.js'
import { decodeMark, encodeMark, type Mark } from './intent.js'

const FOLDER = 'pending'

/** Where the mark of an Op lies, relative to the state folder, with `/`. */
export const markPath = (id: OpId): string => `${FOLDER}/${id}`

const folderIn = (state: string): string => join(state, FOLDER)
const pathIn = (state: string, id: OpId): string => join(state, markPath(id))

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

const besides = (state: string): string =>
  join(folderIn(state), `.${randomBytes(8).toString('hex')}`)

/** The name appears together with its content, because it is linked to a file written before. */
const putMark = async (state: string, mark: Mark): Promise<boolean> => {
  const path = pathIn(state, mark.invocation_id)
  const draft = besides(state)
  const bytes = encodeMark(mark)
  await createNew(draft, bytes, 'process')
  try {
    return unless('EEXIST', () => linkSync(draft, path))
  } catch {
    // No hard links here: a mark cut off by a crash is then told by its length.
    return await ignoring('EEXIST', createNew(path, bytes, 'process'))
  } finally {
    // Where it stays, `clearDrafts` takes it; the mark counts.
    tryUnlink(draft)
  }
}

/** How long a mark may take to be written, in milliseconds. */
const WRITING_MS = 60_000

const isSettled = (path: string): boolean => {
  const info = statSync(path, { throwIfNoEntry: false })
  return info !== undefined && Date.now() - info.mtimeMs >= WRITING_MS
}

/** Removes what processes left that died while they made a mark. Never throws. */
export const clearDrafts = (state: string): void => {
  const folder = folderIn(state)
  for (const name of namesIn(folder).filter((each) => each.startsWith('.'))) {
    try {
      if (isSettled(join(folder, name))) unlinkSync(join(folder, name))
    } catch {
      // Another process did the same, or nobody can; it is in nobody's way.
    }
  }
}

/** Takes a mark out of the way whose writing was cut off; true when there is none any more. */
const clearTorn = async (state: string, id: OpId): Promise<boolean> => {
  const path = pathIn(state, id)
  const aside = besides(state)
  if (!isSettled(path) || (await readMark(state, id))) return false
  if (!unless('ENOENT', () => renameSync(path, aside))) return true
  const taken = readFileSync(aside)
  // Somebody else did the same before, and made a whole one that we took.
  const whole = decodeMark(id, taken) !== undefined
  if (whole) unless('EEXIST', () => linkSync(aside, path))
  unlinkSync(aside)
  return !whole
}

/**
 * Makes the mark, whole at once; false when there is one already. It need not survive a power loss before
 * `syncMark` has ended. Throws `DISK_FULL`, `NOT_WRITABLE`, `WRITE_FAILED`.
 */
export const createMark = async (state: string, mark: Mark): Promise<boolean> => {
  const id = mark.invocation_id
  try {
    if (await putMark(state, mark)) return true
    return (await clearTorn(state, id)) && (await putMark(state, mark))
  } catch (error) {
    throw writeError(error, pathIn(state, id))
  }
}

/** Makes the mark, and that it is there, survive a power loss, where its durability asks for that. */
export const syncMark = async (state: string, mark: Mark): Promise<void> => {
  if (mark.durability !== 'power') return
  const path = pathIn(state, mark.invocation_id)
  await Promise.all([syncFile(path), syncFolder(folderIn(state))]).catch((error: unknown) => {
    throw writeError(error, path)
  })
}

/** The mark of an Op. `undefined` when there is none, or none whose writing was finished. */
export const readMark = async (state: string, id: OpId): Promise<Mark | undefined> => {
  const file = await readRegular(pathIn(state, id))
  return file && decodeMark(id, file)
}

/** Tells whether a mark was rewritten since; empty where there is none. Costs less than reading it. */
export const stampOfMark = (state: string, id: OpId): string => {
  const info = lstatSync(pathIn(state, id), { throwIfNoEntry: false })
  return info === undefined ? '' : `${info.ino} ${info.ctimeMs}`
}

/** Rewrites a mark, whole. Marks only save time, so this need not survive a power loss. */
export const updateMark = (state: string, mark: Mark): Promise<void> =>
  replaceFile(pathIn(state, mark.invocation_id), encodeMark(mark), 'process')

/** Takes a mark away; nothing happens when there is none. */
export const removeMark = async (state: string, id: OpId): Promise<void> => {
  unless('ENOENT', () => unlinkSync(pathIn(state, id)))
}

/** The ids that have a mark, oldest first. */
export const listMarks = async (state: string): Promise<OpId[]> =>
  namesIn(folderIn(state)).filter(isOpId).sort()

/** Whether somebody is closing the Op of this mark right now, or waits for its commit. */
export const isAttended = (mark: Mark): boolean =>
  mark.owner !== '' && countsAsLiving(mark.owner, mark.at)

/** How long after it was taken a mark keeps its result for whoever is to take it up, in milliseconds. */
const PICK_UP_MS = 60_000

/** Whether the result in this mark is on its way to the process that waits for it. */
export const isDelivered = (mark: Mark): boolean =>
  mark.result !== undefined && isAttended(mark) && Date.now() - mark.at < PICK_UP_MS
