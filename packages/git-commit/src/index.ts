export { type DirectGitOptions, directGit } from './direct-git.js'
export { noCommit } from './no-commit.js'
export { type SafeCommitGuardOptions, safeCommitGuard } from './safe-commit-guard.js'
