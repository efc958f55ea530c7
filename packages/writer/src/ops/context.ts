import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { KittyError } from '@kitty/record'
import { CommitQueue } from '../commit/commit-queue.js'
import { realFolder } from '../fs/real-folder.js'
import type { CommitStrategy } from '../ports/commit-strategy.js'
import { ensureStateDir, type StatePlace, stateDirOf } from '../project/state-dir.js'
import { clearDrafts } from '../state/intent-store.js'
import { type OpsContext, type OpsOptions, usageError } from './ops-options.js'

const LOCK_TIMEOUT_MS = 10_000

/** What commits when nothing else is given: nothing. */
const notAtAll: CommitStrategy = {
  name: 'none',
  commit: async (requests) => requests.map(() => ({ status: 'skipped', reason: 'disabled' })),
}

// One lock for each work tree, whatever project roots it holds: they share git's index.
export const lockFolderOf = ({ dir, workTree }: StatePlace): string =>
  workTree === undefined ? dir : join(workTree.gitDir, 'kitty')

const rootNotFound = (root: string): KittyError =>
  usageError('ROOT_NOT_FOUND', `There is no folder ${root}`, 'Name a folder that is there.')

const FOLDERS = ['pending', 'started']

/** Makes the state folder where it is missing; somebody may delete it at any time, as it is nobody's record. */
const stateMaker = (place: StatePlace): (() => Promise<void>) => {
  let isClear = false
  return async () => {
    if (isClear && FOLDERS.every((name) => existsSync(join(place.dir, name)))) return
    await ensureStateDir(place, FOLDERS)
    clearDrafts(place.dir)
    isClear = true
  }
}

/** Puts together what every operation on a store needs. Throws `ROOT_NOT_FOUND`. */
export const contextOf = async (options: OpsOptions): Promise<OpsContext> => {
  const root = realFolder(options.root)
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) throw rootNotFound(root)
  const place = await stateDirOf(root)
  const strategy = options.commit ?? notAtAll
  const lockTimeoutMs = options.lockTimeoutMs ?? LOCK_TIMEOUT_MS
  const durability = options.durability ?? 'power'
  const commitIndex = options.commitIndex ?? true
  const queue = new CommitQueue({
    root,
    state: place.dir,
    lockFolder: lockFolderOf(place),
    strategy,
    commitIndex,
    lockTimeoutMs,
  })
  return {
    root,
    state: place.dir,
    makeState: stateMaker(place),
    strategy,
    queue,
    lockTimeoutMs,
    propagate: options.propagate,
    elsewhere: options.elsewhere,
    redact: options.redact ?? true,
    durability,
    commitIndex,
    clock: options.clock ?? (() => new Date()),
    opensForItself: options.opensForItself ?? true,
    session: options.session,
    openedBy: options.openedBy,
    beside: new Set(),
  }
}
