/**
 * Commit strategies for `@kitty/writer`: direct git, a guard that protects branches, and the ledger.
 *
 * @packageDocumentation
 */

export { noCommit } from '@kitty/writer'
export { directGit } from './direct-git.js'
export type { DirectGitOptions } from './direct-git-options.js'
export { type SafeCommitGuardOptions, safeCommitGuard } from './guard/safe-commit-guard.js'
export { type LedgerStrategy, ledger } from './ledger/ledger.js'
export type { LedgerOptions } from './ledger/open-ledger.js'
export { withLedger } from './ledger/with-ledger.js'
export type { Signing } from './transaction/commit-set.js'
