import { noCommit } from '@kitty/writer'
import { testCommitStrategy } from '@kitty/writer/testing'
import { describe, test } from 'vitest'
import { directGit } from '../src/direct-git.js'
import { ledger } from '../src/ledger/ledger.js'

describe('direct git', () => {
  testCommitStrategy({ test, createStrategy: () => directGit({ lockTimeoutMs: 100 }) })
})

describe('the ledger', () => {
  testCommitStrategy({ test, createStrategy: () => ledger(), home: 'ref' })
})

describe('no commits', () => {
  testCommitStrategy({ test, createStrategy: noCommit, commits: false })
})
