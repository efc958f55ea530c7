import type { CommitResult } from '../ports/commit-strategy.js'

/** What became of an Op; undefined when somebody else ended its mark, so that it must be asked again. */
export type Awaited = CommitResult | undefined

/** An Op that is being closed, and what will become of it. */
export type Expected = { readonly result: Promise<Awaited>; readonly cancel: () => void }
