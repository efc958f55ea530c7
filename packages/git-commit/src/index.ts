/**
 * Commit strategies for `@kitty/writer`: direct git, and a guard that protects branches.
 *
 * @packageDocumentation
 */

export { noCommit } from '@kitty/writer'
export { directGit } from './direct-git.js'
export type { DirectGitOptions } from './direct-git-options.js'
export { type SafeCommitGuardOptions, safeCommitGuard } from './guard/safe-commit-guard.js'
export type { Signing } from './transaction/commit-set.js'
