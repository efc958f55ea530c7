import type { CommitStrategy } from '@kitty/writer'
import { withLedgerResult } from '@kitty/writer/internals'
import { ledger as newLedger } from './ledger.js'

/**
 * Composes a strategy with a second home for its Ops: the ledger. Both get every request at the same time, and a
 * problem with one never keeps an Op out of the other. An Op stays pending until both hold its record; if a guard
 * refused it, until the ledger does.
 *
 * It has the name and the options of the strategy, so that either of them commits what the other left pending.
 */
export const withLedger = (
  strategy: CommitStrategy,
  ledger: CommitStrategy = newLedger(),
): CommitStrategy => {
  const { name, options, commits, home, commitsOnlyItsPaths, reader } = strategy
  return {
    name,
    ...(options && { options }),
    ...(commits !== undefined && { commits }),
    ...(home && { home }),
    ...(commitsOnlyItsPaths !== undefined && { commitsOnlyItsPaths }),
    ...(reader && { reader }),
    ledger,
    // Not copied: a strategy can be an object whose methods need it.
    blockedBy: async (root) => strategy.blockedBy?.(root),
    commit: async (root, requests) => {
      const [first, second] = await Promise.allSettled([
        strategy.commit(root, requests),
        ledger.commit(root, requests),
      ])
      if (first.status === 'rejected') throw first.reason
      const added = second.status === 'fulfilled' ? second.value : []
      return first.value.map((result, number) => withLedgerResult(result, added[number]))
    },
  }
}
