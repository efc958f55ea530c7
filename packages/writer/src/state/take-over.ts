import { existsSync, readdirSync, renameSync, rmdirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { OpId } from '@kitty/record'
import { replaceFile } from '../fs/durable-file.js'
import { errnoOf, ignoreErrno, writeError } from '../fs/errors.js'
import { syncFolder } from '../fs/folder.js'
import { readRegular } from '../fs/regular-file.js'
import { shareLikeGit } from '../fs/shared-repository.js'
import { type HeldLock, tryLock } from '../lock/lock-file.js'
import { waitForLock } from '../lock/wait-for-lock.js'
import {
  commitLockOf,
  FORMAT_FILE,
  PATH_FILE,
  ROOT_FILE,
  type StateFolderPaths,
  treeFolderOf,
} from '../project/state-dir.js'
import { hasLiveOwner, intentPath, listIntents, readIntent } from './intent-store.js'
import { listStartNotes, startNotePath } from './start-notes.js'

/** How long to wait for the lock of an older state, in milliseconds. The next Op tries again. */
const LOCK_TIMEOUT_MS = 1_000

/**
 * Moves a file, also to another file system. A file that is already there stays, and is whole: a crash leaves at most a
 * draft of it. Throws what writing throws.
 */
const moveFile = async (from: string, to: string): Promise<void> => {
  if (!existsSync(to)) {
    try {
      renameSync(from, to)
      shareLikeGit(to)
      return
    } catch (error) {
      if (errnoOf(error) !== 'EXDEV') throw writeError(error, to)
    }
    const bytes = await readRegular(from)
    if (bytes === undefined) return
    await replaceFile(to, bytes, 'power')
  }
  ignoreErrno('ENOENT', () => unlinkSync(from))
}

type StateFile = { readonly id: OpId; readonly path: string }

/** The files of a state that no process works on, relative to it: of all Ops, or of one. */
const movableFiles = async (dir: string, only?: OpId): Promise<readonly StateFile[]> => {
  const isWanted = (id: OpId): boolean => only === undefined || id === only
  const files: StateFile[] = []
  const busy = new Set<string>()
  for (const id of (await listIntents(dir)).filter(isWanted)) {
    const intent = await readIntent(dir, id)
    // A torn intent is still being written, or counts as none.
    if (intent === undefined || hasLiveOwner(intent)) busy.add(id)
    else files.push({ id, path: intentPath(id) })
  }
  const notes = (await listStartNotes(dir)).filter((id) => isWanted(id) && !busy.has(id))
  return [...files, ...notes.map((id) => ({ id, path: startNotePath(id) }))]
}

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

const EXPENDABLE = ['.gitignore', FORMAT_FILE, ROOT_FILE, 'attributes-committed']

/** Removes a state folder that holds no intent and no start note. Never throws. */
const removeIfEmpty = (dir: string, expendable: readonly string[]): void => {
  try {
    for (const name of ['pending', 'started', 'tokens']) {
      if (existsSync(join(dir, name))) rmdirSync(join(dir, name))
    }
    if (readdirSync(dir).some((name) => !expendable.includes(name))) return
    for (const name of expendable) ignoreErrno('ENOENT', () => unlinkSync(join(dir, name)))
    rmdirSync(dir)
  } catch {
    // Something is still in use; the next Op tries again.
  }
}

/** Removes the state of a work tree that is gone, unless it holds an intent or a start note. Never throws. */
export const removeGoneState = (state: StateFolderPaths): void => {
  const isInUse = ['pending', 'started'].some((name) => namesIn(join(state.dir, name)).length > 0)
  if (isInUse) return
  try {
    // Clears the lock of a process that died.
    const lock = tryLock(commitLockOf(state))
    if (lock.kind !== 'held') return
    lock.release()
  } catch {
    return
  }
  removeIfEmpty(state.dir, EXPENDABLE)
  removeIfEmpty(state.lockDir, [PATH_FILE])
}

/** Locks another state folder. Returns `undefined` if it is busy, or if another process has moved everything and removed it. */
const lockOther = async (from: StateFolderPaths): Promise<HeldLock | undefined> => {
  try {
    const lock = await waitForLock(commitLockOf(from), { timeoutMs: LOCK_TIMEOUT_MS })
    return lock.kind === 'held' ? lock : undefined
  } catch (error) {
    if (existsSync(from.lockDir)) throw error
    return undefined
  }
}

/**
 * Moves start notes and intents from another state folder into this one, under the lock of the other one: of all Ops,
 * or of one. What a living process works on stays. Returns the Ops of what was moved. Throws what reading and writing
 * throws.
 */
export const takeOverState = async (
  from: StateFolderPaths,
  to: string,
  only?: OpId,
): Promise<readonly OpId[]> => {
  const lock = await lockOther(from)
  if (lock === undefined) return []
  try {
    const files = await movableFiles(from.dir, only)
    for (const { path } of files) await moveFile(join(from.dir, path), join(to, path))
    await Promise.all(['pending', 'started'].map((name) => syncFolder(join(to, name))))
    return [...new Set(files.map(({ id }) => id))]
  } finally {
    lock.release()
    removeIfEmpty(from.dir, EXPENDABLE)
    if (from.lockDir !== from.dir) removeIfEmpty(from.lockDir, [PATH_FILE])
  }
}

const foldersIn = (lockDir: string): readonly string[] =>
  readdirSync(lockDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'tokens')
    .map(({ name }) => join(lockDir, name))

/** Removes the state of a work tree that is gone, unless it holds an Op. Returns whether it was removed. Never throws. */
export const removeEmptyState = async (commonDir: string, id: string): Promise<boolean> => {
  const lockDir = treeFolderOf(commonDir, id)
  try {
    for (const dir of foldersIn(lockDir)) removeGoneState({ dir, lockDir })
    removeIfEmpty(lockDir, [PATH_FILE])
  } catch {
    // Another process has removed it.
  }
  return !existsSync(lockDir)
}
