import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CommitStrategy } from '../../src/ports/commit-strategy.js'
import {
  type Answer,
  after,
  allInOne,
  andThen,
  answering,
  claim,
  forgetful,
  plainCommit,
  type Requests,
  throwing,
} from './misdeeds.js'

/** One way to break a promise, and the case that must detect it. */
export type Fault = {
  readonly name: string
  readonly noticedBy: string
  readonly commit: (requests: Requests, good: CommitStrategy) => Answer
}

const HOLDS = 'the commit holds the bytes on disk, the paths and the message'
const USERS = 'staged, unstaged and stashed work of the user is unchanged'

/** Broken strategies: each must fail the case named. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'owes an answer',
    noticedBy: 'several requests: one result for each, in the same order',
    commit: async (requests, good) => (await good.commit(requests)).slice(1),
  },
  {
    name: 'mixes up the answers',
    noticedBy: 'several requests: one result for each, in the same order',
    commit: async (requests, good) => [...(await good.commit(requests))].reverse(),
  },
  { name: 'claims what it has not done', noticedBy: HOLDS, commit: claim },
  {
    name: 'never commits',
    noticedBy: HOLDS,
    commit: answering({ status: 'deferred', reason: 'never', message: 'Not today.' }),
  },
  {
    name: 'refuses without a proper code',
    noticedBy: 'while another git holds the index lock: a result, and committed later',
    commit: answering({ status: 'refused', code: 'no way', message: 'No.' }),
  },
  {
    name: 'refuses without a word',
    noticedBy: 'with a damaged index: a result, and the index unchanged',
    commit: answering({ status: 'refused', code: 'NO', message: '' }),
  },
  {
    name: 'has its own idea of the message',
    noticedBy: HOLDS,
    commit: (requests, good) =>
      good.commit(requests.map((each) => ({ ...each, message: `${each.message}More: x\n` }))),
  },
  { name: 'takes the rest of the index along', noticedBy: USERS, commit: plainCommit },
  { name: 'unstages', noticedBy: USERS, commit: andThen('reset', '--quiet') },
  { name: 'drops a stash', noticedBy: USERS, commit: andThen('stash', 'drop') },
  {
    name: 'leaves a staged deletion',
    noticedBy: USERS,
    commit: andThen('rm', '-r', '-q', '--cached', '--ignore-unmatch', 'kitty-ops'),
  },
  {
    name: 'leaves a tag',
    noticedBy: 'only the checked-out branch moves',
    commit: andThen('tag', 'mine'),
  },
  {
    name: 'runs the hooks',
    noticedBy: 'hooks do not run, even failing ones',
    commit: plainCommit,
  },
  {
    name: 'puts all Ops in one commit',
    noticedBy: 'each Op gets its own commit',
    commit: allInOne,
  },
  {
    name: 'commits again when asked again',
    noticedBy: 'a repeated request returns the same commit and makes no new one',
    commit: forgetful,
  },
  {
    name: 'commits twice what is listed twice',
    noticedBy: 'two requests for one Op in one list make one commit',
    commit: forgetful,
  },
  {
    name: 'commits what somebody else committed',
    noticedBy: 'a record that the user has committed is reported with that commit',
    commit: forgetful,
  },
  {
    name: 'throws outside a repository',
    noticedBy: 'outside a repository: skipped, no-repository',
    commit: throwing,
  },
  {
    name: 'takes the lock of another git away',
    noticedBy: 'while another git holds the index lock: a result, and committed later',
    commit: after((gitDir) => rm(join(gitDir, 'index.lock'), { force: true })),
  },
  {
    name: 'makes a new index for a damaged one',
    noticedBy: 'with a damaged index: a result, and the index unchanged',
    commit: after((gitDir) => rm(join(gitDir, 'index'), { force: true })),
  },
  {
    name: 'forgets what was to be removed',
    noticedBy: 'an archive commit moves files',
    commit: (requests, good) => good.commit(requests.map((each) => ({ ...each, remove: [] }))),
  },
  {
    name: 'takes the lifecycle log along with the index cache',
    noticedBy: 'the commit includes at most the index cache besides the record',
    commit: async (requests, good) => {
      const path = 'kitty-ops/lifecycle.jsonl'
      await writeFile(join(requests[0]?.root ?? '', path), '')
      return good.commit(requests.map((each) => ({ ...each, write: [...each.write, path] })))
    },
  },
  {
    name: 'commits in the middle of a rebase',
    noticedBy: 'a rebase stopped on a conflict: a result, and the user can abort it',
    commit: plainCommit,
  },
  {
    name: 'ends a merge',
    noticedBy: 'a merge with a conflict: a result, and the user can continue it',
    commit: andThen('merge', '--abort'),
  },
  {
    name: 'attaches a detached HEAD',
    noticedBy: 'a detached HEAD: a result, and the user can abort it',
    commit: andThen('checkout', '-q', 'work'),
  },
]
