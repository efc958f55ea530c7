/** What somebody made or committed under an Op, in words. */
export type ReportedLink = { readonly what: string; readonly ref: string }

/** An Op as the page has it. Times in milliseconds since 1970. */
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
  /** What was asked; `cut` where it goes on in the record. */
  readonly request: string
  readonly cut?: true
  readonly from: number
  /** Absent while it is open, and where nobody knows. */
  readonly until?: number
  readonly closedBy?: string
  /** Why it ended so. */
  readonly reason?: string
  readonly evidence?: string
  readonly links?: readonly ReportedLink[]
  readonly problems?: readonly string[]
  readonly path: string
}

/** Everything that the page shows. */
export type ReportData = {
  readonly title: string
  /** When the page was made, in milliseconds since 1970. */
  readonly at: number
  /** The filter, as it was typed; empty where there was none. */
  readonly filter: string
  /** Newest first. */
  readonly ops: readonly ReportedOp[]
}
