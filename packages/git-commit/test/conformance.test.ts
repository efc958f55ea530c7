import { testCommitStrategy } from '@kitty/writer/testing'
import { describe, test } from 'vitest'
import { directGit } from '../src/direct-git.js'
import { noCommit } from '../src/no-commit.js'

describe('direct git', () => {
  testCommitStrategy({ test, createStrategy: () => directGit({ lockTimeoutMs: 100 }) })
})

describe('no commits', () => {
  testCommitStrategy({ test, createStrategy: noCommit, commits: false })
})
