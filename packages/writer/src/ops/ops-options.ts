import { KittyError } from '@kitty/record'
import type { CommitQueue } from '../commit/commit-queue.js'
import type { Durability } from '../fs/durable-file.js'
import type { CommitStrategy } from '../ports/commit-strategy.js'
import type { RecordSource } from '../records/record-source.js'
import type { Propagator } from './propagate.js'

/** How a store of Ops is opened. */
export type OpsOptions = {
  /** The project root; see `findProjectRoot`. */
  readonly root: string
  /** How closed Ops get committed. Without one, nothing is: every completion says `skipped`. */
  readonly commit?: CommitStrategy
  /** Where events are handed on to, beside the work. */
  readonly propagate?: Propagator
  /** Where records are that a sparse checkout keeps off the disk; `list` shows them too. */
  readonly elsewhere?: RecordSource
  /** Replace secrets in request text, and refuse evidence that holds some. Default true. */
  readonly redact?: boolean
  /** What a finished write survives. Default `power`: a power loss. */
  readonly durability?: Durability
  /** Let the index cache travel with commits. Default true. */
  readonly commitIndex?: boolean
  /** Default: the system's clock. */
  readonly clock?: () => Date
  /** How long to wait for other processes that close or commit, in milliseconds. Default 10 000. */
  readonly lockTimeoutMs?: number
  /**
   * Whether Ops opened here are worked on by this very process, so that its death makes them orphans.
   * Default true; a command line that opens an Op and ends says false.
   */
  readonly opensForItself?: boolean
  /** The session of an agent that opens Ops here; remembered in the state folder, never in a record. */
  readonly session?: string
  /** Who asks for the Ops that are opened here; remembered like the session. */
  readonly openedBy?: OpenedBy
}

/** Who asks for an Op: a person at a terminal, or an agent. */
export type OpenedBy = 'person' | 'agent'

/** What every operation on a store needs. */
export type OpsContext = {
  readonly root: string
  readonly state: string
  /** Makes the state folder, which a mere look at the store does not. */
  readonly makeState: () => Promise<void>
  readonly strategy: CommitStrategy
  readonly queue: CommitQueue
  readonly propagate: Propagator | undefined
  readonly elsewhere: RecordSource | undefined
  readonly redact: boolean
  readonly durability: Durability
  readonly commitIndex: boolean
  readonly clock: () => Date
  readonly lockTimeoutMs: number
  readonly opensForItself: boolean
  readonly session: string | undefined
  readonly openedBy: OpenedBy | undefined
  /** Propagations under way. */
  readonly beside: Set<Promise<void>>
}

/** The error for something the caller got wrong. */
export const usageError = (code: string, message: string, hint: string): KittyError =>
  new KittyError(code, message, { hint })
