import type { OpId } from '@kitty/record'
import type { OpFile, OpSummary } from '@kitty/writer'
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

/** Ops that have no record on the disk here, which are found and read when they are needed. */
export type OtherOps = {
  /** The UTC months in which they were opened, such as `2026-11`, newest first. */
  readonly months: readonly string[]
  /** Finds those of some months, newest first, each once. Not each is an Op: only reading shows that. */
  readonly find: (months: readonly string[]) => Promise<readonly OpId[]>
  /** Reads some of them, those whose record fits. */
  readonly read: (
    ids: readonly OpId[],
    fits?: (record: OpFile['record']) => boolean,
  ) => Promise<readonly ListedOp[]>
}
