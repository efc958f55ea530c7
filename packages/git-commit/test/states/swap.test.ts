import { newRepository } from '@kitty/test-kit'
import type { CommitStrategy } from '@kitty/writer'
import { describe, expect, it } from 'vitest'
import { directGit } from '../../src/direct-git.js'
import { withBranches } from '../support/branches.js'
import { expectCommitted } from '../support/expect-committed.js'
import { atTheSwap, letGitMoveHead, SWITCH, withShim } from '../support/git-shim.js'
import { answerOf, closeOne, storeAt } from '../support/ops.js'

const WORK = { kind: 'branch', branch: 'work' } as const

describe.skipIf(process.platform === 'win32')('a switch of branches during the ref update', () => {
  it.each([false, true])(
    'a branch that the guard did not check gets no commit; unborn: %s',
    async (unborn) => {
      const repository = unborn ? await newRepository({ unborn }) : await withBranches()
      await letGitMoveHead(repository)
      const tips = () => repository.git('for-each-ref', '--format=%(objectname)', 'refs/heads/work')
      const before = [await tips(), await repository.git('ls-files', '--stage')]
      const judged: CommitStrategy = {
        ...directGit(),
        commit: (root, requests) =>
          directGit().commit(
            root,
            requests.map((it) => ({ ...it, head: WORK })),
          ),
      }
      const ops = await storeAt(repository, {}, { strategy: judged })
      const script = atTheSwap(unborn ? 'real symbolic-ref HEAD refs/heads/new' : SWITCH)
      const closed = await withShim(script, () => closeOne(ops))
      expect(answerOf(closed)).toBe('head-moved')
      expect([await tips(), await repository.git('ls-files', '--stage')]).toEqual(before)
      await repository.git('symbolic-ref', 'HEAD', 'refs/heads/work')
      await ops.flush()
      await expectCommitted(repository, ops, closed)
    },
  )
})
