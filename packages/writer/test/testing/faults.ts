import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newOpId, parseOpRecord } from '@kitty/record'
import { tryGitIn } from '@kitty/test-kit'
import type { CommitRequest, CommitStrategy } from '../../src/ports/commit-strategy.js'
import { completedLine } from '../support/records.js'
import { KEPT } from '../support/ref-strategy.js'
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
  readonly commit: (root: string, requests: Requests, good: CommitStrategy) => Answer
}

const HOLDS = 'the commit holds the bytes on disk, the paths and the message'
const USERS = 'staged, unstaged and stashed work of the user is unchanged'

type ArchiveRequest = CommitRequest & { readonly kind: 'archive' }

/** An archive request as one that only adds its files. */
const kept = (request: ArchiveRequest): ArchiveRequest => ({
  ...request,
  moves: request.moves.map(({ to }) => ({ from: to, to })),
})

/** A request whose record claims to be closed. */
const asIfClosed = (request: CommitRequest): CommitRequest => {
  if (request.kind !== 'op') return request
  const { bytes, parsed: open } = request.record
  const id = open.invocation_id ?? newOpId()
  const parsed = parseOpRecord(Buffer.concat([bytes, Buffer.from(completedLine(id))]), { opId: id })
  return { ...request, record: { ...request.record, parsed } }
}

/** Broken strategies: each must fail the case named. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'leaves out a result',
    noticedBy: 'several requests: one result for each, in the same order',
    commit: async (root, requests, good) => (await good.commit(root, requests)).slice(1),
  },
  {
    name: 'mixes up the results',
    noticedBy: 'several requests: one result for each, in the same order',
    commit: async (root, requests, good) => [...(await good.commit(root, requests))].reverse(),
  },
  { name: 'reports commits it has not made', noticedBy: HOLDS, commit: claim },
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
    name: 'refuses without a message',
    noticedBy: 'with a damaged index: a result, and the index unchanged',
    commit: answering({ status: 'refused', code: 'NO', message: '' }),
  },
  {
    name: 'changes the message',
    noticedBy: HOLDS,
    commit: (root, requests, good) =>
      good.commit(
        root,
        requests.map((each) => ({ ...each, message: `${each.message}More: x\n` })),
      ),
  },
  { name: 'commits the rest of the index, too', noticedBy: USERS, commit: plainCommit },
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
    noticedBy: 'failing hooks neither run nor stop the commit',
    commit: plainCommit,
  },
  {
    name: 'puts all Ops in one commit',
    noticedBy: 'each Op gets its own commit',
    commit: allInOne,
  },
  {
    name: 'commits again on a repeated request',
    noticedBy: 'a repeated request returns the same commit and makes no new one',
    commit: forgetful,
  },
  {
    name: 'commits twice what is listed twice',
    noticedBy: 'two requests for one Op in one list make one commit',
    commit: forgetful,
  },
  {
    name: 'commits what the user has committed',
    noticedBy: 'a record that the user has committed is reported with that commit',
    commit: forgetful,
  },
  {
    name: 'throws outside a repository',
    noticedBy: 'outside a repository: skipped, no-repository',
    commit: throwing,
  },
  {
    name: 'removes the lock of another git',
    noticedBy: 'while another git holds the index lock: a result, and committed later',
    commit: after((gitDir) => rm(join(gitDir, 'index.lock'), { force: true })),
  },
  {
    name: 'replaces a damaged index with a new one',
    noticedBy: 'with a damaged index: a result, and the index unchanged',
    commit: after((gitDir) => rm(join(gitDir, 'index'), { force: true })),
  },
  {
    name: 'leaves out the files to remove',
    noticedBy: 'an archive commit moves files',
    commit: (root, requests, good) =>
      good.commit(
        root,
        requests.map((each) => (each.kind === 'archive' ? kept(each) : each)),
      ),
  },
  {
    name: 'commits the lifecycle log with the index cache',
    noticedBy: 'the commit has the record and at most the index cache',
    commit: async (root, requests, good) => {
      const path = 'kitty-ops/lifecycle.jsonl'
      await writeFile(join(root, path), '')
      return good.commit(
        root,
        requests.map((each) =>
          each.kind === 'op' ? { ...each, extras: [...each.extras, path] } : each,
        ),
      )
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

const KEPT_BYTES = 'a ref leads to the bytes on disk, and nothing of the user changes'

/** The same for strategies whose home is a ref. */
export const REF_FAULTS: readonly Fault[] = [
  { name: 'commits to the branch', noticedBy: KEPT_BYTES, commit: plainCommit },
  { name: 'unstages', noticedBy: KEPT_BYTES, commit: andThen('reset', '--quiet') },
  { name: 'leaves a tag', noticedBy: KEPT_BYTES, commit: andThen('tag', 'mine') },
  {
    name: 'leaves out a result',
    noticedBy: 'several requests: one result for each, in the same order',
    commit: async (root, requests, good) => (await good.commit(root, requests)).slice(1),
  },
  {
    name: 'replaces what it holds',
    noticedBy: 'a closed record is never replaced by other bytes',
    commit: async (root, requests, good) => {
      await tryGitIn(root, ['update-ref', '-d', KEPT])
      return good.commit(root, requests)
    },
  },
  {
    name: 'takes an open record',
    noticedBy: 'an open record is not committed',
    commit: (root, requests, good) => good.commit(root, requests.map(asIfClosed)),
  },
  {
    name: 'throws outside a repository',
    noticedBy: 'outside a repository: skipped, no-repository',
    commit: throwing,
  },
  {
    name: 'ends a merge',
    noticedBy: 'a merge with a conflict: committed, and the user can abort it',
    commit: andThen('merge', '--abort'),
  },
]
