import { noCommit } from '@kitty/writer'
import { testCommitStrategy } from '@kitty/writer/testing'
import { describe, test } from 'vitest'
import { directGit } from '../src/direct-git.js'
import { safeCommitGuard } from '../src/guard/safe-commit-guard.js'

describe('the safe-commit guard around direct git', () => {
  const createStrategy = () =>
    safeCommitGuard(directGit({ lockTimeoutMs: 100 }), { destination: 'work' })
  testCommitStrategy({ test, createStrategy })
})

describe('the safe-commit guard around no commits', () => {
  testCommitStrategy({ test, createStrategy: () => safeCommitGuard(noCommit()), commits: false })
})
