import type { OpSummary } from '@kitty/writer'
import type { WorkTreeJson } from '../json/shared.js'

/** Where the record of an Op is. */
export type Places = {
  /** On the disk of this work tree, or of the Op's own; in HEAD of this work tree; in a ledger. */
  readonly in: readonly ('disk' | 'head' | 'ledger')[]
  /** The writer of the ledger that has it. */
  readonly writer?: string
  /** Whether the places have different bytes for it. */
  readonly conflict?: true
}

/** An Op in a list, and its work tree if it is another one; in a list of the whole repository, where its record is. */
export type ListedOp = OpSummary & Partial<Places> & { readonly work_tree?: WorkTreeJson }
