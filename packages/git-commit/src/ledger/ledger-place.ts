import type { RepoConfig } from '../repository/config.js'
import type { WorkTreeState } from '../repository/work-tree.js'

/** A ledger of this clone. */
export type LedgerPlace = {
  readonly root: string
  readonly workTree: WorkTreeState
  readonly writer: string
  readonly ref: string
  /** Evidence files above this size stay out, in bytes. */
  readonly evidenceLimit: number
}

/** A ledger that can be changed. */
export type OpenLedger = LedgerPlace & { readonly repoConfig: RepoConfig }
