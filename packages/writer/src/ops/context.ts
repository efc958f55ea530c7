import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { KittyError } from '@kitty/record'
import { type CommitLock, commitLock } from '../commit/commit-lock.js'
import { CommitQueue } from '../commit/commit-queue.js'
import { compileRedactPatterns } from '../content/redact-patterns.js'
import type { Durability } from '../fs/durability.js'
import { canonicalPath } from '../fs/folder.js'
import { type CommitStrategy, noCommit } from '../ports/commit-strategy.js'
import type { Propagator } from '../ports/propagator.js'
import { findNoWorkTree } from '../project/git-dir.js'
import { ExcludeLines } from '../state/exclude-lines.js'
import { makeRoomForLines } from '../state/exclude-room.js'
import { StateFolder } from '../state/state-folder.js'
import { usageError } from './errors.js'

/** Options of `openOps`. */
export type OpsOptions = {
  /** The project root; see `findProjectRoot`. */
  readonly root: string
  /** Commits closed Ops. Without one nothing is committed, and every completion has the status `skipped`. */
  readonly strategy?: CommitStrategy
  /** Receives events in the background. */
  readonly propagator?: Propagator
  /** Replace secrets in request text and reasons; refuse evidence and links with secrets. Default true. */
  readonly redact?: boolean
  /**
   * Secrets of your own, which are treated as the known kinds are: regular expressions, or their text as in
   * `ops.redact_patterns`. See `Ops.redactPatterns`.
   */
  readonly redactPatterns?: readonly (string | RegExp)[]
  /** What a finished write survives. Default `power`: a power loss. */
  readonly durability?: Durability
  /**
   * Commit the index cache with each Op (true), or never (false). Default: only on a branch that tracks it. Where it is
   * not committed, it is a local file that a line in `info/exclude` hides.
   */
  readonly commitOpsIndex?: boolean
  /**
   * Keep records out of `git status` and `git add -A` until they are committed, by a line in `info/exclude` each.
   * Default true.
   */
  readonly exclude?: boolean
  /** Default: the system clock. */
  readonly clock?: () => Date
  /** How long to wait for other processes that close or commit, in milliseconds. Default 10,000. */
  readonly lockTimeoutMs?: number
  /**
   * Whether this process does the work of the Ops it opens, so that they are orphaned if it dies. Default true;
   * a command line that opens an Op and exits sets it to false.
   */
  readonly trackOpener?: boolean
  /** Whether this process runs a command under each Op and closes the Op with its result. Default false. */
  readonly runsCommand?: boolean
  /** The agent session that opens Ops here; kept in the start note, never in a record. */
  readonly session?: string
  /** Who asks for the Ops that are opened here, or `hook` if a hook records them; kept like the session. */
  readonly openedBy?: 'person' | 'agent' | 'hook'
  /** Link the commits that were made since an Op was opened when it is closed: see `Closing.link_commits`. Default false. */
  readonly linkCommits?: boolean
}

/** What every operation on a store needs. */
export type StoreContext = {
  readonly root: string
  /** Finds the state folder, and creates it if an Op is opened or closed. */
  readonly stateFolder: StateFolder
  /** The path of the state folder, which can change when it is created. */
  readonly state: string
  readonly strategy: CommitStrategy
  readonly queue: CommitQueue
  readonly excludeLines: ExcludeLines
  /** The commit lock: held for a commit, and for everything that must not run during one. */
  readonly lock: CommitLock
  readonly propagator: Propagator | undefined
  readonly redact: boolean
  readonly redactPatterns: readonly RegExp[]
  readonly durability: Durability
  readonly commitOpsIndex: boolean | undefined
  readonly clock: () => Date
  readonly lockTimeoutMs: number
  readonly trackOpener: boolean
  readonly runsCommand: boolean
  readonly session: string | undefined
  readonly openedBy: OpsOptions['openedBy']
  readonly linkCommits: boolean
  /** The propagations in progress. */
  readonly propagations: Set<Promise<void>>
}

const LOCK_TIMEOUT_MS = 10_000

const rootNotFound = (root: string): KittyError =>
  usageError('ROOT_NOT_FOUND', `No such folder: ${root}`, 'Use an existing folder.')

/** Refuses a folder whose repository has no work tree there: git would neither show nor commit what is written. */
const refuseOutsideWorkTree = async (root: string): Promise<void> => {
  const place = await findNoWorkTree(root)
  if (place === undefined) return
  const { gitDir, elsewhere } = place
  if (elsewhere === undefined) {
    throw usageError(
      'NO_WORK_TREE',
      `The folder ${root} is in no work tree of the repository ${gitDir}.`,
      'Work in a work tree of the repository. git worktree list shows them, and git worktree add creates one.',
    )
  }
  throw usageError(
    'NO_WORK_TREE',
    `The work tree of the repository ${gitDir} is ${elsewhere} (core.worktree), but ${join(elsewhere, '.git')} does not lead to the repository.`,
    `Work in ${elsewhere}, after you have created the file .git there, with the line: gitdir: ${gitDir}`,
  )
}

/** Refuses what a program without types can pass: an Op that is closed under a strategy without a name stays pending. */
const checkStrategy = ({ name, commit }: CommitStrategy): void => {
  if (typeof name === 'string' && name !== '' && typeof commit === 'function') return
  const what = 'The strategy is no commit strategy: it needs a name, and a function commit.'
  throw usageError('STRATEGY_INVALID', what, 'Pass a strategy, such as directGit().')
}

/**
 * Creates the context of a store. Throws `ROOT_NOT_FOUND`, `NO_WORK_TREE`, `STATE_NEWER`, `REDACT_PATTERN_INVALID`,
 * `STRATEGY_INVALID`.
 */
export const createContext = async (options: OpsOptions): Promise<StoreContext> => {
  const redactPatterns = compileRedactPatterns(options.redactPatterns ?? [])
  const root = canonicalPath(options.root)
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) throw rootNotFound(root)
  await refuseOutsideWorkTree(root)
  const stateFolder = await StateFolder.find(root)
  const strategy = options.strategy ?? noCommit()
  checkStrategy(strategy)
  const lockTimeoutMs = options.lockTimeoutMs ?? LOCK_TIMEOUT_MS
  const durability = options.durability ?? 'power'
  const { commitOpsIndex } = options
  const lock = commitLock(() => stateFolder.location.lockDir, lockTimeoutMs)
  const excludeLines = new ExcludeLines(root, () => stateFolder.location, {
    isEnabled: options.exclude ?? true,
    hidesAll: strategy.home === 'ref',
    makeRoom: makeRoomForLines,
  })
  // Their records are visible: they were opened where no line could be written.
  stateFolder.onTakeOver = (ids) => excludeLines.hide(ids)
  const shared = { root, lock, strategy, commitOpsIndex, lockTimeoutMs, excludeLines }
  const queue = new CommitQueue({
    ...shared,
    get state() {
      return stateFolder.dir
    },
  })
  return {
    ...shared,
    stateFolder,
    get state() {
      return stateFolder.dir
    },
    queue,
    propagator: options.propagator,
    redact: options.redact ?? true,
    redactPatterns,
    durability,
    clock: options.clock ?? (() => new Date()),
    trackOpener: options.trackOpener ?? true,
    runsCommand: options.runsCommand ?? false,
    session: options.session,
    openedBy: options.openedBy,
    linkCommits: options.linkCommits ?? false,
    propagations: new Set(),
  }
}
