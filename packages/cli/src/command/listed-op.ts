import type { OpSummary } from '@kitty/writer'
import type { WorkTreeJson } from '../json/shared.js'

/** An Op in a list, and its work tree if it is another one. */
export type ListedOp = OpSummary & { readonly work_tree?: WorkTreeJson }
