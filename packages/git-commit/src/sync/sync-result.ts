import type { OpId, SyncReason } from '@kitty/record'

/** The ledger of one writer that came or went. */
export type SyncedLedger = {
  /** The clone that writes it, a ULID. */
  readonly writer: string
  /** How many Ops were new; `undefined` in a dry run, which fetches nothing. */
  readonly ops: number | undefined
  /** How many new files are not records at their own path; they are ignored. */
  readonly foreign: number
}

/** A ledger that was left out. */
export type SkippedLedger = {
  /** The ref on the server. */
  readonly ref: string
  readonly reason: SyncReason
  readonly message: string
  readonly hint: string
  /** The Ops whose records the server refused. */
  readonly ops?: readonly OpId[]
}

/** The ledger of this clone got a new name, because another clone writes under the old one. */
export type RenamedWriter = { readonly from: string; readonly to: string }

/** What `syncLedgers` did, or in a dry run would do. */
export type SyncResult = {
  readonly remote: string
  readonly pushed: readonly SyncedLedger[]
  readonly fetched: readonly SyncedLedger[]
  readonly skipped: readonly SkippedLedger[]
  readonly newWriter?: RenamedWriter
}

/** How far a sync is. */
export type SyncProgress = {
  readonly step: 'list' | 'fetch' | 'push'
  /** How many objects were transferred, and of how many, once that is known. */
  readonly done?: number
  readonly total?: number
}

export type SyncOptions = {
  /** The name of a remote in git's configuration. */
  readonly remote: string
  /** Finds out what would be done, and changes nothing. */
  readonly dryRun?: boolean
  /** Whether git can ask a person at the terminal for a password. Default `false`. */
  readonly canPrompt?: boolean
  readonly onProgress?: (progress: SyncProgress) => void
  /** Ends the sync. */
  readonly signal?: AbortSignal
  /** How long to wait for the lock of the ledger, in milliseconds. Default 10 000. */
  readonly lockTimeoutMs?: number
  /** How long a server can be silent, in milliseconds. Default two minutes. */
  readonly stallMs?: number
  /** How long each transfer can take, in milliseconds. Default one hour. */
  readonly totalMs?: number
}
