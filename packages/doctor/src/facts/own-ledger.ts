import { readOwnLedger } from '@kitty/git-commit/inspect'
import { memoized } from '../check/memo.js'

/** The ledger that this clone writes; `undefined` outside git and before its first Op. */
export const ownLedger = memoized(({ ops }) => readOwnLedger(ops.root))
