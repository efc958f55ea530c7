import type { Usage } from '@kitty/record'

/** An artifact or a commit of an Op. */
export type ReportedLink = { readonly what: string; readonly ref: string }

/** An Op in the data of the page. Times are in milliseconds since 1970. */
export type ReportedOp = {
  readonly id: string
  readonly outcome: 'done' | 'failed' | 'abandoned' | 'unknown' | 'open'
  readonly profile: string
  readonly action: string
  readonly actor?: string
  readonly mode?: string
  readonly model?: string
  readonly mission?: string
  readonly wp?: string
  readonly governance?: string
  /** The request. If it is truncated, `cut` is `true`. */
  readonly request: string
  readonly cut?: boolean
  readonly from: number
  /** Absent if the Op is open, or if the time is unknown. */
  readonly until?: number
  readonly closedBy?: string
  /** The reason for the outcome. */
  readonly reason?: string
  readonly evidence?: string
  readonly links?: readonly ReportedLink[]
  /** What it used, as its closer reported it. */
  readonly usage?: Usage
  readonly problems?: readonly string[]
  readonly path: string
  /** The clone whose ledger has it. */
  readonly writer?: string
  /** How to close it, ready to paste, if it is open. */
  readonly close?: string
}

/** The data of the page. */
export type ReportData = {
  readonly title: string
  /** The time when the page was written, in milliseconds since 1970. */
  readonly at: number
  /** The filter, as it was typed; empty if there was none. */
  readonly filter: string
  /** Newest first. */
  readonly ops: readonly ReportedOp[]
}
