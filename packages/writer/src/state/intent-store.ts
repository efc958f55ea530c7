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

/** The path of an Op's intent, relative to the state folder, with `/`. */
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

/** Creates an intent atomically: writes a draft, then links it to its name. Returns false if there is one. */
const putIntent = async (state: string, intent: CloseIntent): Promise<boolean> => {
  const path = pathIn(state, intent.id)
  const draft = temporaryPath(state)
  const bytes = encodeIntent(intent)
  await writeNewFile(draft, bytes, 'process')
  try {
    return ignoreErrno('EEXIST', () => linkSync(draft, path))
  } catch {
    // No hard links: a torn intent is detected by its length.
    return await ignoreErrnoAsync('EEXIST', writeNewFile(path, bytes, 'process'))
  } finally {
    // If the draft stays, `removeStaleDrafts` removes it later.
    tryUnlink(draft)
  }
}

/** How long writing an intent can take, in milliseconds. */
const WRITING_MS = 60_000

const isPastWriting = (path: string): boolean => {
  const info = statSync(path, { throwIfNoEntry: false })
  return info !== undefined && Date.now() - info.mtimeMs >= WRITING_MS
}

/** Removes drafts of processes that died while creating an intent. Never throws. */
export const removeStaleDrafts = (state: string): void => {
  const folder = folderIn(state)
  for (const name of entriesIn(folder).filter((each) => each.startsWith('.'))) {
    try {
      if (isPastWriting(join(folder, name))) unlinkSync(join(folder, name))
    } catch {
      // Another process removed it, or it cannot be removed; a leftover draft is harmless.
    }
  }
}

/** Removes an intent whose writing was interrupted. Returns true if there is no intent any more. */
const removeTornIntent = async (state: string, id: OpId): Promise<boolean> => {
  const path = pathIn(state, id)
  const aside = temporaryPath(state)
  if (!isPastWriting(path) || (await readIntent(state, id))) return false
  if (!ignoreErrno('ENOENT', () => renameSync(path, aside))) return true
  const taken = readFileSync(aside)
  // If another process replaced it with a complete intent first, put that back.
  const whole = decodeIntent(id, taken) !== undefined
  if (whole) ignoreErrno('EEXIST', () => linkSync(aside, path))
  unlinkSync(aside)
  return !whole
}

/**
 * Creates an intent atomically. Returns false if there is one already. It survives a power loss only after
 * `syncIntent`. Throws `DISK_FULL`, `NOT_WRITABLE`, `WRITE_FAILED`.
 */
export const createIntent = async (state: string, intent: CloseIntent): Promise<boolean> => {
  const id = intent.id
  try {
    if (await putIntent(state, intent)) return true
    return (await removeTornIntent(state, id)) && (await putIntent(state, intent))
  } catch (error) {
    throw writeError(error, pathIn(state, id))
  }
}

/** Flushes an intent and its name to stable storage if its durability is `power`. Throws what writing throws. */
export const syncIntent = async (state: string, intent: CloseIntent): Promise<void> => {
  if (intent.durability !== 'power') return
  const path = pathIn(state, intent.id)
  await Promise.all([syncFile(path), syncFolder(folderIn(state))]).catch((error: unknown) => {
    throw writeError(error, path)
  })
}

/**
 * Creates an intent and flushes it. Returns false if there is one already. If it throws, there is no new one. Throws what
 * writing throws.
 */
export const createSyncedIntent = async (state: string, intent: CloseIntent): Promise<boolean> => {
  if (!(await createIntent(state, intent))) return false
  await syncIntent(state, intent).catch(async (error: unknown) => {
    await removeIntent(state, intent.id)
    throw error
  })
  return true
}

/** Reads the intent of an Op. Returns `undefined` if there is none, or it is torn. */
export const readIntent = async (state: string, id: OpId): Promise<CloseIntent | undefined> => {
  const file = await readRegular(pathIn(state, id))
  return file && decodeIntent(id, file)
}

/** Identifies the version of an intent. Returns `undefined` if there is none. Cheaper than reading it. */
export const intentVersion = (state: string, id: OpId): string | undefined => {
  const info = lstatSync(pathIn(state, id), { throwIfNoEntry: false })
  return info && `${info.ino} ${info.ctimeMs}`
}

/** Replaces an intent atomically. Not synced: losing the update in a power loss only costs time. */
export const replaceIntent = (state: string, intent: CloseIntent): Promise<void> =>
  replaceFile(pathIn(state, intent.id), encodeIntent(intent), 'process')

/** Removes an intent, if there is one. */
export const removeIntent = async (state: string, id: OpId): Promise<void> => {
  ignoreErrno('ENOENT', () => unlinkSync(pathIn(state, id)))
}

/** The ids of all Ops with an intent, oldest first. */
export const listIntents = async (state: string): Promise<OpId[]> =>
  entriesIn(folderIn(state)).filter(isOpId).sort()

/** Whether a live process is closing the Op of this intent, or waits for its commit. */
export const hasLiveOwner = (intent: CloseIntent): boolean =>
  intent.owner !== undefined && isPresumedAlive(intent.owner, intent.ownedSince)

/** How long after an owner took an intent a result in it is reserved for that owner, in milliseconds. */
const DELIVERY_MS = 60_000

/** Whether the result in this intent has yet to be collected by its live owner. */
export const hasUndeliveredResult = (intent: CloseIntent): boolean =>
  intent.result !== undefined &&
  hasLiveOwner(intent) &&
  Date.now() - intent.ownedSince < DELIVERY_MS
