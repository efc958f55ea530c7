import { testCommitStrategy } from '@kitty/writer/testing'
import { describe, test } from 'vitest'
import { plainGit } from '../src/plain-git.js'

describe('the strategy of the example', () => {
  testCommitStrategy({ test, createStrategy: () => plainGit })
})
