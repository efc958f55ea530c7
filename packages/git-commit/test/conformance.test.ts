import { testCommitStrategy } from '@kitty/writer/testing'
import { describe, test } from 'vitest'
import { directGit } from '../src/direct-git.js'
import { noCommit } from '../src/no-commit.js'
import { safeCommitGuard } from '../src/safe-commit-guard.js'

const direct = () => directGit({ lockTimeoutMs: 100 })

describe('direct git', () => {
  testCommitStrategy({ test, createStrategy: direct })
})

describe('the safe-commit guard around direct git', () => {
  const createStrategy = () => safeCommitGuard(direct(), { destination: 'work' })
  testCommitStrategy({ test, createStrategy })
})

describe('no commits', () => {
  testCommitStrategy({ test, createStrategy: noCommit, commits: false })
})

describe('the safe-commit guard around no commits', () => {
  testCommitStrategy({ test, createStrategy: () => safeCommitGuard(noCommit()), commits: false })
})
