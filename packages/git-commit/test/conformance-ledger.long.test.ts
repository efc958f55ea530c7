import { testCommitStrategy } from '@kitty/writer/testing'
import { describe, test } from 'vitest'
import { directGit } from '../src/direct-git.js'
import { withLedger } from '../src/ledger/with-ledger.js'

describe('direct git with the ledger', () => {
  const createStrategy = () => withLedger(directGit({ lockTimeoutMs: 100 }))
  testCommitStrategy({ test, createStrategy })
})
