import { randomBytes } from 'node:crypto'
import {
  constants,
  copyFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { join } from 'node:path'
import { type CommitResult, type Durability, syncFolder, unless, waitForLock } from '@kitty/writer'
import { runGit } from './git.js'
import { failure } from './git-failures.js'

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
  readonly publish: () => Promise<void>
  /** Puts the index back that was there before. */
  readonly retract: () => void
  /** Lets go of the lock, and of the change when it was not published. */
  readonly finish: () => void
}

export type IndexUpdateRequest = {
  readonly top: string
  readonly gitDir: string
  /** Paths relative to the top; those that are not on disk any more are removed from the index. */
  readonly paths: readonly string[]
  readonly durability: Durability
  readonly config: readonly string[]
  /** How long to wait for whoever holds the index, in milliseconds. */
  readonly timeoutMs: number
}

const lockedByOthers: CommitResult = {
  status: 'deferred',
  reason: 'index-locked',
  message: 'Another git process holds the index (index.lock).',
  hint: 'It stays pending and is tried again with the next completion.',
}

/** Where tokens and half-made copies lie: the git directory itself is on the index's file system. */
export const scratchFolder = (gitDir: string): string => join(gitDir, 'kitty', 'index')

/**
 * A copy that git takes for the index. Its time must not be later than the original's: git trusts
 * the recorded state of files that are older than the index, so a younger copy would hide edits.
 */
const copyIndex = (index: string, copy: string): void => {
  const info = statSync(index, { throwIfNoEntry: false })
  if (info === undefined) return
  copyFileSync(index, copy, constants.COPYFILE_FICLONE)
  const time = (Math.floor(info.mtimeMs) - 1) / 1000
  utimesSync(copy, time, time)
}

const changeCopy = async (
  request: IndexUpdateRequest,
  copy: string,
): Promise<CommitResult | undefined> => {
  const answer = await runGit(request.top, ['update-index', '--add', '--remove', '-z', '--stdin'], {
    input: request.paths.map((path) => `${path}\0`).join(''),
    env: { GIT_INDEX_FILE: copy },
    config: request.config,
  })
  return answer.ok ? undefined : failure(answer)
}

const updateOn = (request: IndexUpdateRequest, copy: string, release: () => void): IndexUpdate => {
  const index = join(request.gitDir, 'index')
  const before = `${copy}.before`
  return {
    publish: async () => {
      keepBefore(index, before)
      renameSync(copy, index)
      // The branch must not reach the platter before the index does: see `group-commit`.
      if (request.durability === 'power') await syncFolder(request.gitDir)
    },
    retract: () => {
      if (!unless('ENOENT', () => renameSync(before, index))) rmSync(index, { force: true })
    },
    finish: () => {
      rmSync(copy, { force: true })
      rmSync(before, { force: true })
      release()
    },
  }
}

/** A second name for the old index costs nothing; where links are unknown, a copy must do. */
const keepBefore = (index: string, before: string): void => {
  unless('ENOENT', () => {
    try {
      linkSync(index, before)
    } catch {
      copyFileSync(index, before)
    }
  })
}

/** Prepares the change under the lock, or says why it cannot be made now. */
export const prepareIndexUpdate = async (
  request: IndexUpdateRequest,
): Promise<IndexUpdate | CommitResult> => {
  const scratch = scratchFolder(request.gitDir)
  mkdirSync(scratch, { recursive: true })
  const place = { path: join(request.gitDir, 'index.lock'), tokens: scratch }
  const lock = await waitForLock(place, { timeoutMs: request.timeoutMs })
  if (typeof lock === 'string') return lockedByOthers
  const copy = join(scratch, `copy.${process.pid}.${randomBytes(6).toString('hex')}`)
  const update = updateOn(request, copy, lock.release)
  try {
    copyIndex(join(request.gitDir, 'index'), copy)
    const failed = await changeCopy(request, copy)
    if (failed === undefined) return update
    update.finish()
    return failed
  } catch (error) {
    update.finish()
    throw error
  }
}
