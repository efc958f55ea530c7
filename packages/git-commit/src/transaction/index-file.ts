import { randomBytes } from 'node:crypto'
import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type CommitResult,
  type Durability,
  type HeldLock,
  ignoreErrno,
  syncFile,
  syncFolder,
  waitForLock,
} from '@kitty/writer'
import { makeFolder } from '../objects/loose.js'

const PAUSES_MS = [5, 10, 20, 40, 80]

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(?:EPERM|EACCES|EBUSY)$/.test(String(error.code))

/**
 * Puts a file in the place of another. Windows refuses that for as long as somebody reads the other, which takes a
 * moment: so it is tried again a few times. Throws what the file system throws.
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

/** Where tokens of the index's lock and half-made files lie: the git directory itself is on the index's file system. */
export const indexTokensDir = (gitDir: string): string => join(gitDir, 'kitty', 'index')

const DRAFT = 'copy.'

/** A name for a half-made file, which nobody else uses. */
export const draftPath = (gitDir: string): string =>
  join(indexTokensDir(gitDir), `${DRAFT}${process.pid}.${randomBytes(6).toString('hex')}`)

/**
 * Removes what processes left that were killed. Only to be called under the lock of the index, and before
 * anything is begun: then no half-made file is in use. Never throws: what stays is in nobody's way.
 */
const removeStaleDrafts = (gitDir: string): void => {
  const folder = indexTokensDir(gitDir)
  try {
    const drafts = readdirSync(folder).filter((name) => name.startsWith(DRAFT))
    for (const name of drafts) rmSync(join(folder, name), { force: true })
  } catch {
    // Nobody can remove it, as a folder of that name, or it is read at this moment, on Windows.
  }
}

/**
 * A change of git's index that shows only when it is published, and that a crash cannot leave
 * half done or in anybody's way.
 *
 * Git's own `index.lock` is held from before the copy is made until the change is finished with, so
 * nobody else's change can get lost; but the lock is a link to a token of ours (see `lock-file`),
 * because a lock that git itself makes and leaves when killed could be anyone's.
 */
export type IndexUpdate = {
  /** Makes the change the index that everybody sees. */
  readonly commit: () => Promise<void>
  /** Puts the index back that was there before. */
  readonly rollback: () => Promise<void>
  /** Lets go of the change when it was not published. */
  readonly dispose: () => void
}

/** Which index, and how durable the change must be. */
type IndexTarget = { readonly gitDir: string; readonly durability: Durability }

const indexLocked: CommitResult = {
  status: 'deferred',
  reason: 'index-locked',
  message: 'Another git process holds the index (index.lock).',
  hint: 'It stays pending and is tried again with the next completion.',
}

/**
 * A copy whose time is not later than the original's: git trusts the recorded state of files that are
 * older than the index, so a younger copy would hide edits.
 */
const copyIndex = (index: string, copy: string): void => {
  const info = statSync(index)
  copyFileSync(index, copy, constants.COPYFILE_FICLONE)
  const time = (Math.floor(info.mtimeMs) - 1) / 1000
  utimesSync(copy, time, time)
}

/**
 * A second name for the index, or none where there is no index. Git never changes an index in place: it
 * writes a new one and renames it, so that each name is as good as a copy, and costs nothing. Where links
 * are unknown, a copy must do.
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
  const index = join(gitDir, 'index')
  const before = `${copy}.before`
  return {
    commit: async () => {
      linkIndex(index, before)
      await renameOver(copy, index)
      // The branch must not reach the platter before the index does: see `publishTransaction`.
      if (durability === 'power') await syncFolder(gitDir)
    },
    rollback: async () => {
      if (existsSync(before)) await renameOver(before, index)
      else rmSync(index, { force: true })
    },
    dispose: () => {
      rmSync(copy, { force: true })
      rmSync(before, { force: true })
    },
  }
}

/** Locks the index against every git; the result says why it cannot be had now. */
export const lockIndex = async (
  gitDir: string,
  timeoutMs: number,
): Promise<HeldLock | CommitResult> => {
  const tokens = indexTokensDir(gitDir)
  makeFolder(tokens)
  const lock = await waitForLock({ path: join(gitDir, 'index.lock'), tokens }, { timeoutMs })
  if (typeof lock === 'string') return indexLocked
  removeStaleDrafts(gitDir)
  return lock
}

/**
 * Has a change made in a copy of the index, whose path it gets; or says why that cannot be done, as the change
 * itself does. The caller holds the lock until it is finished.
 */
export const prepareIndexUpdate = async (
  place: IndexTarget,
  change: (copy: string) => Promise<CommitResult | undefined>,
): Promise<IndexUpdate | CommitResult> => {
  const copy = draftPath(place.gitDir)
  const update = indexUpdateFor(place, copy)
  try {
    linkIndex(join(place.gitDir, 'index'), copy)
    const failed = await change(copy)
    if (failed === undefined && place.durability === 'power') await syncFile(copy)
    if (failed !== undefined) update.dispose()
    return failed ?? update
  } catch (error) {
    update.dispose()
    throw error
  }
}
