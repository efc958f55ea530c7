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
import { replaceFile, syncFile, tryUnlink, writeNewFile } from '../fs/durable-file.js'
import { ignoreErrno, ignoreErrnoAsync, writeError } from '../fs/errors.js'
import { syncFolder } from '../fs/folder.js'
import { readRegular } from '../fs/regular-file.js'
import { isPresumedAlive } from '../lock/owner.js'
import { type CloseIntent, decodeIntent, encodeIntent } from './intent.js'

const FOLDER = 'pending'

/** Where the mark of an Op lies, relative to the state folder, with `/`. */
export const intentPath = (id: OpId): string => `${FOLDER}/${id}`

const folderIn = (state: string): string => join(state, FOLDER)
const pathIn = (state: string, id: OpId): string => join(state, intentPath(id))

const entriesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

const temporaryPath = (state: string): string =>
  join(folderIn(state), `.${randomBytes(8).toString('hex')}`)

/** The name appears together with its content, because it is linked to a file written before. */
const putIntent = async (state: string, intent: CloseIntent): Promise<boolean> => {
  const path = pathIn(state, intent.invocation_id)
  const draft = temporaryPath(state)
  const bytes = encodeIntent(intent)
  await writeNewFile(draft, bytes, 'process')
  try {
    return ignoreErrno('EEXIST', () => linkSync(draft, path))
  } catch {
    // No hard links here: a mark cut off by a crash is then told by its length.
    return await ignoreErrnoAsync('EEXIST', writeNewFile(path, bytes, 'process'))
  } finally {
    // Where it stays, `removeStaleDrafts` takes it; the mark counts.
    tryUnlink(draft)
  }
}

/** How long a mark may take to be written, in milliseconds. */
const WRITING_MS = 60_000

const isPastWriting = (path: string): boolean => {
  const info = statSync(path, { throwIfNoEntry: false })
  return info !== undefined && Date.now() - info.mtimeMs >= WRITING_MS
}

/** Removes what processes left that died while they made a mark. Never throws. */
export const removeStaleDrafts = (state: string): void => {
  const folder = folderIn(state)
  for (const name of entriesIn(folder).filter((each) => each.startsWith('.'))) {
    try {
      if (isPastWriting(join(folder, name))) unlinkSync(join(folder, name))
    } catch {
      // Another process did the same, or nobody can; it is in nobody's way.
    }
  }
}

/** Takes a mark out of the way whose writing was cut off; true when there is none any more. */
const removeTornIntent = async (state: string, id: OpId): Promise<boolean> => {
  const path = pathIn(state, id)
  const aside = temporaryPath(state)
  if (!isPastWriting(path) || (await readIntent(state, id))) return false
  if (!ignoreErrno('ENOENT', () => renameSync(path, aside))) return true
  const taken = readFileSync(aside)
  // Somebody else did the same before, and made a whole one that we took.
  const whole = decodeIntent(id, taken) !== undefined
  if (whole) ignoreErrno('EEXIST', () => linkSync(aside, path))
  unlinkSync(aside)
  return !whole
}

/**
 * Makes the mark, whole at once; false when there is one already. It need not survive a power loss before
 * `syncIntent` has ended. Throws `DISK_FULL`, `NOT_WRITABLE`, `WRITE_FAILED`.
 */
export const createIntent = async (state: string, intent: CloseIntent): Promise<boolean> => {
  const id = intent.invocation_id
  try {
    if (await putIntent(state, intent)) return true
    return (await removeTornIntent(state, id)) && (await putIntent(state, intent))
  } catch (error) {
    throw writeError(error, pathIn(state, id))
  }
}

/** Makes the mark, and that it is there, survive a power loss, where its durability asks for that. */
export const syncIntent = async (state: string, intent: CloseIntent): Promise<void> => {
  if (intent.durability !== 'power') return
  const path = pathIn(state, intent.invocation_id)
  await Promise.all([syncFile(path), syncFolder(folderIn(state))]).catch((error: unknown) => {
    throw writeError(error, path)
  })
}

/** The mark of an Op. `undefined` when there is none, or none whose writing was finished. */
export const readIntent = async (state: string, id: OpId): Promise<CloseIntent | undefined> => {
  const file = await readRegular(pathIn(state, id))
  return file && decodeIntent(id, file)
}

/** Tells whether a mark was rewritten since; empty where there is none. Costs less than reading it. */
export const intentVersion = (state: string, id: OpId): string => {
  const info = lstatSync(pathIn(state, id), { throwIfNoEntry: false })
  return info === undefined ? '' : `${info.ino} ${info.ctimeMs}`
}

/** Rewrites a mark, whole. Marks only save time, so this need not survive a power loss. */
export const replaceIntent = (state: string, intent: CloseIntent): Promise<void> =>
  replaceFile(pathIn(state, intent.invocation_id), encodeIntent(intent), 'process')

/** Takes a mark away; nothing happens when there is none. */
export const removeIntent = async (state: string, id: OpId): Promise<void> => {
  ignoreErrno('ENOENT', () => unlinkSync(pathIn(state, id)))
}

/** The ids that have a mark, oldest first. */
export const listIntents = async (state: string): Promise<OpId[]> =>
  entriesIn(folderIn(state)).filter(isOpId).sort()

/** Whether somebody is closing the Op of this mark right now, or waits for its commit. */
export const hasLiveOwner = (intent: CloseIntent): boolean =>
  intent.owner !== '' && isPresumedAlive(intent.owner, intent.ownedSince)

/** How long after it was taken a mark keeps its result for whoever is to take it up, in milliseconds. */
const PICKUP_MS = 60_000

/** Whether the result in this mark is on its way to the process that waits for it. */
export const hasUndeliveredResult = (intent: CloseIntent): boolean =>
  intent.result !== undefined && hasLiveOwner(intent) && Date.now() - intent.ownedSince < PICKUP_MS
