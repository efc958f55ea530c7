import type { OpSummary } from '@kitty/writer'
import type { WorkTreeJson } from '../json/shared.js'

/** A place of a record: the disk of this work tree, or of the Op's own; HEAD of this work tree; a ledger. */
export type OpPlace = 'disk' | 'head' | 'ledger'

/** An Op in a list, and its work tree if it is another one; in a list of the whole repository, where its record is. */
export type ListedOp = OpSummary & {
  readonly work_tree?: WorkTreeJson
  readonly in?: readonly OpPlace[]
  readonly writer?: string
  readonly conflict?: true
}
