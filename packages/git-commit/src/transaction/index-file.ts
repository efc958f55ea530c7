import { randomBytes } from 'node:crypto'
import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CommitResult, Durability } from '@kitty/writer'
import {
  type HeldLock,
  ignoreErrno,
  shareLikeGit,
  syncFile,
  syncFolder,
  tryUnlink,
  waitForLock,
} from '@kitty/writer/internals'
import { ok, type Result, stop } from '../git/result.js'
import { makeFolder } from '../objects/loose.js'

const PAUSES_MS = [5, 10, 20, 40, 80]

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(?:EPERM|EACCES|EBUSY)$/.test(String(error.code))

/**
 * Replaces a file by renaming another to it. Windows refuses that while a process reads the target, so it is
 * retried a few times. Throws file system errors.
 */
export const renameOver = async (from: string, to: string): Promise<void> => {
  for (const pause of PAUSES_MS) {
    try {
      return renameSync(from, to)
    } catch (error) {
      if (!isBusy(error)) throw error
      await sleep(pause)
    }
  }
  renameSync(from, to)
}

/**
 * Returns the folder for the tokens of the index lock and for drafts. It is in the git directory, and so on the
 * index's file system.
 */
export const indexTokensDir = (gitDir: string): string => join(gitDir, 'kitty', 'index')

const DRAFT = 'copy.'

/** Returns a unique path for a draft. */
export const draftPath = (gitDir: string): string =>
  join(indexTokensDir(gitDir), `${DRAFT}${process.pid}.${randomBytes(6).toString('hex')}`)

/**
 * Removes drafts left by killed processes. Caller must hold the index lock and must not have made a draft yet, so
 * that none is in use. Never throws: a draft that stays is harmless.
 */
const removeStaleDrafts = (gitDir: string): void => {
  const folder = indexTokensDir(gitDir)
  try {
    const drafts = readdirSync(folder).filter((name) => name.startsWith(DRAFT))
    for (const name of drafts) rmSync(join(folder, name), { force: true })
  } catch {
    // It cannot be removed (a folder of that name), or it is being read (on Windows).
  }
}

/**
 * A change of git's index that is invisible until it is committed, and that a crash never leaves half done or
 * blocking others.
 *
 * `index.lock` is held from before the copy is made until `dispose`, so that no change by another process is lost.
 * The lock is a link to our own token (see `lock-file.ts` of the writer), because a lock that git itself leaves
 * when killed could belong to any process.
 */
export type IndexUpdate = {
  /** Replaces the index, which makes the change visible. If it throws, the index is as it was. */
  readonly commit: () => Promise<void>
  /** Restores the previous index. */
  readonly rollback: () => Promise<void>
  /** Removes what is left of the drafts. Caller must always call it. Never throws: a draft that stays is harmless. */
  readonly dispose: () => void
}

/** The index to change, and how durable the change must be. */
type IndexTarget = { readonly gitDir: string; readonly durability: Durability }

/** Returns the path of the index. If it is a symbolic link, git locks and replaces the file that it leads to. */
const indexIn = (gitDir: string): string => {
  const path = join(gitDir, 'index')
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
  return isLink ? realpathSync.native(path) : path
}

const indexLocked: CommitResult = {
  status: 'deferred',
  reason: 'index-locked',
  message: 'Another git process holds the index (index.lock).',
  hint: 'Try again later; a pending Op is retried when the next Op is closed.',
}

/**
 * Copies the index with a time not later than the original's: git trusts the recorded state of files that are older
 * than the index, so a newer copy would hide edits.
 */
const copyIndex = (index: string, copy: string): void => {
  const info = statSync(index)
  copyFileSync(index, copy, constants.COPYFILE_FICLONE)
  shareLikeGit(copy)
  const time = (Math.floor(info.mtimeMs) - 1) / 1000
  utimesSync(copy, time, time)
}

/**
 * Creates a second name for the index, if there is one. Git never changes an index in place: it writes a new one
 * and renames it, so a link is as good as a copy, and free. Copies the index if the file system has no hard links.
 */
const linkIndex = (index: string, name: string): void => {
  ignoreErrno('ENOENT', () => {
    try {
      linkSync(index, name)
    } catch {
      copyIndex(index, name)
    }
  })
}

const indexUpdateFor = ({ gitDir, durability }: IndexTarget, copy: string): IndexUpdate => {
  const index = indexIn(gitDir)
  const before = `${copy}.before`
  const rollback = async (): Promise<void> => {
    if (existsSync(before)) await renameOver(before, index)
    else rmSync(index, { force: true })
  }
  const publish = async (): Promise<void> => {
    await renameOver(copy, index)
    // The index must reach stable storage before the branch: see `publishTransaction`.
    if (durability === 'power') await syncFolder(dirname(index))
  }
  return {
    commit: async () => {
      linkIndex(index, before)
      await publish().catch(async (error: unknown) => {
        await rollback()
        throw error
      })
    },
    rollback,
    dispose: () => {
      for (const draft of [copy, before]) tryUnlink(draft)
    },
  }
}

/** Acquires git's index lock. Stops if that times out. */
export const lockIndex = async (gitDir: string, timeoutMs: number): Promise<Result<HeldLock>> => {
  const tokens = indexTokensDir(gitDir)
  makeFolder(tokens)
  const lock = await waitForLock({ path: `${indexIn(gitDir)}.lock`, tokens }, { timeoutMs })
  if (lock.kind !== 'held') return stop(indexLocked)
  removeStaleDrafts(gitDir)
  return ok(lock)
}

/** How to change an index. */
type IndexChanger = {
  /** Changes a copy with git. Returns the failure, if there is one. */
  readonly change: (copy: string) => Promise<CommitResult | undefined>
  /** Writes a changed copy. Returns `false`, without a copy, if `change` must do it. */
  readonly write?: (index: string, copy: string) => boolean
}

/**
 * Makes a changed copy of the index. Stops with the failure if there is one. Caller must hold the index lock until it
 * has called `dispose`.
 */
export const prepareIndexUpdate = async (
  place: IndexTarget,
  { change, write = () => false }: IndexChanger,
): Promise<Result<IndexUpdate>> => {
  const [index, copy] = [indexIn(place.gitDir), draftPath(place.gitDir)]
  const update = indexUpdateFor(place, copy)
  const changeCopy = (): Promise<CommitResult | undefined> => {
    linkIndex(index, copy)
    return change(copy)
  }
  try {
    const failed = write(index, copy) ? undefined : await changeCopy()
    if (failed === undefined && place.durability === 'power') await syncFile(copy)
    if (failed === undefined) return ok(update)
    update.dispose()
    return stop(failed)
  } catch (error) {
    update.dispose()
    throw error
  }
}
