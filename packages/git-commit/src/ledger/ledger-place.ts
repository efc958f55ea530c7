import type { WorkTreeState } from '../repository/work-tree.js'

/** A ledger of this clone. */
export type LedgerPlace = {
  readonly root: string
  readonly workTree: WorkTreeState
  readonly writer: string
  readonly ref: string
}
