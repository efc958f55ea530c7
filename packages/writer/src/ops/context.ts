import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { KittyError } from '@kitty/record'
import { type CommitLock, commitLock } from '../commit/commit-lock.js'
import { CommitQueue } from '../commit/commit-queue.js'
import type { Durability } from '../fs/durability.js'
import { canonicalPath } from '../fs/folder.js'
import { type CommitStrategy, noCommit } from '../ports/commit-strategy.js'
import type { Propagator } from '../ports/propagator.js'
import {
  ensureStateDir,
  lockFolderOf,
  type StateLocation,
  stateDirOf,
} from '../project/state-dir.js'
import type { RecordSource } from '../records/list-ops.js'
import { removeStaleDrafts } from '../state/intent-store.js'
import { usageError } from './errors.js'

/** How a store of Ops is opened. */
export type OpsOptions = {
  /** The project root; see `findProjectRoot`. */
  readonly root: string
  /** How closed Ops get committed. Without one, nothing is: every completion says `skipped`. */
  readonly strategy?: CommitStrategy
  /** Where events are handed on to, beside the work. */
  readonly propagator?: Propagator
  /** Where records are that a sparse checkout keeps off the disk; `list` shows them too. */
  readonly extraRecords?: RecordSource
  /** Replace secrets in request text, and refuse evidence that holds some. Default true. */
  readonly redact?: boolean
  /** What a finished write survives. Default `power`: a power loss. */
  readonly durability?: Durability
  /** Let the index cache travel with commits. Default true. */
  readonly commitOpsIndex?: boolean
  /** Default: the system's clock. */
  readonly clock?: () => Date
  /** How long to wait for other processes that close or commit, in milliseconds. Default 10 000. */
  readonly lockTimeoutMs?: number
  /**
   * Whether Ops opened here are worked on by this very process, so that its death makes them orphans.
   * Default true; a command line that opens an Op and ends says false.
   */
  readonly trackOpener?: boolean
  /** Whether this process runs a command under each Op and closes it by how that ends. Default false. */
  readonly runsCommand?: boolean
  /** The session of an agent that opens Ops here; remembered in the state folder, never in a record. */
  readonly session?: string
  /** Who asks for the Ops that are opened here; remembered like the session. */
  readonly openedBy?: OpenedBy
}

/** Who asks for an Op: a person at a terminal, or an agent. */
export type OpenedBy = 'person' | 'agent'

/** What every operation on a store needs. */
export type StoreContext = {
  readonly root: string
  readonly state: string
  /** Makes the state folder, which a mere look at the store does not. */
  readonly ensureState: () => Promise<void>
  readonly strategy: CommitStrategy
  readonly queue: CommitQueue
  /** Held by whoever commits, and for what must not happen beside a commit. */
  readonly lock: CommitLock
  readonly propagator: Propagator | undefined
  readonly extraRecords: RecordSource | undefined
  readonly redact: boolean
  readonly durability: Durability
  readonly commitOpsIndex: boolean
  readonly clock: () => Date
  readonly lockTimeoutMs: number
  readonly trackOpener: boolean
  readonly runsCommand: boolean
  readonly session: string | undefined
  readonly openedBy: OpenedBy | undefined
  /** Propagations under way. */
  readonly propagations: Set<Promise<void>>
}

const LOCK_TIMEOUT_MS = 10_000

const rootNotFound = (root: string): KittyError =>
  usageError('ROOT_NOT_FOUND', `There is no folder ${root}`, 'Name a folder that is there.')

const FOLDERS = ['pending', 'started']

/** Makes the state folder where it is missing; somebody may delete it at any time, as it is nobody's record. */
const stateEnsurer = (place: StateLocation): (() => Promise<void>) => {
  let isClear = false
  return async () => {
    if (isClear && FOLDERS.every((name) => existsSync(join(place.dir, name)))) return
    await ensureStateDir(place, FOLDERS)
    removeStaleDrafts(place.dir)
    isClear = true
  }
}

/** Puts together what every operation on a store needs. Throws `ROOT_NOT_FOUND`. */
export const createContext = async (options: OpsOptions): Promise<StoreContext> => {
  const root = canonicalPath(options.root)
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) throw rootNotFound(root)
  const place = await stateDirOf(root)
  const strategy = options.strategy ?? noCommit()
  const lockTimeoutMs = options.lockTimeoutMs ?? LOCK_TIMEOUT_MS
  const durability = options.durability ?? 'power'
  const commitOpsIndex = options.commitOpsIndex ?? true
  const lock = commitLock(lockFolderOf(place), lockTimeoutMs)
  const queue = new CommitQueue({
    root,
    state: place.dir,
    lock,
    strategy,
    commitOpsIndex,
    lockTimeoutMs,
  })
  return {
    root,
    state: place.dir,
    ensureState: stateEnsurer(place),
    strategy,
    queue,
    lock,
    lockTimeoutMs,
    propagator: options.propagator,
    extraRecords: options.extraRecords,
    redact: options.redact ?? true,
    durability,
    commitOpsIndex,
    clock: options.clock ?? (() => new Date()),
    trackOpener: options.trackOpener ?? true,
    runsCommand: options.runsCommand ?? false,
    session: options.session,
    openedBy: options.openedBy,
    propagations: new Set(),
  }
}
