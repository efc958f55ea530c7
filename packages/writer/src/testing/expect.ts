import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import type { CommitResult } from '../ports/commit-strategy.js'
import type { PreparedOp } from './prepared-op.js'
import type { ScratchRepository } from './scratch-repository.js'

const STATUSES = ['committed', 'deferred', 'refused', 'skipped', 'failed']

const REASON = /^[a-z0-9]+(-[a-z0-9]+)*$/
const CODE = /^[A-Z0-9]+(_[A-Z0-9]+)*$/

/** Checks that a result has one of the five statuses and is complete: without a commit, it says why. */
export const expectAnswer = (result: CommitResult | undefined): CommitResult => {
  assert.ok(result !== undefined, 'there is no result for the request')
  assert.ok(STATUSES.includes(result.status), `not a status: ${inspect(result)}`)
  const text = inspect(result)
  if (result.status === 'deferred') {
    assert.ok(
      REASON.test(result.reason),
      `the reason must be kebab-case, such as "detached-head": ${text}`,
    )
  }
  if ('code' in result) {
    assert.ok(
      CODE.test(result.code),
      `the code must be UPPER_SNAKE, such as "PROTECTED_BRANCH": ${text}`,
    )
  }
  if ('message' in result) assert.ok(result.message !== '', `the message is empty: ${text}`)
  return result
}

/** Checks that a result is a commit reachable from HEAD. Returns its id. */
export const expectCommitted = async (
  repository: ScratchRepository,
  result: CommitResult | undefined,
): Promise<string> => {
  const answer = expectAnswer(result)
  assert.ok(answer.status === 'committed', `expected to be committed: ${inspect(answer)}`)
  const reachable = await repository.tryGit('merge-base', '--is-ancestor', answer.sha, 'HEAD')
  assert.ok(reachable, `${answer.sha} is not reachable from HEAD`)
  return answer.sha
}

/** Checks that HEAD and the index hold the bytes that are on disk at a path. */
export const expectInHead = async (repository: ScratchRepository, path: string): Promise<void> => {
  const onDisk = await repository.git('hash-object', '--no-filters', '--', path)
  assert.equal(await repository.git('rev-parse', `HEAD:${path}`), onDisk, `HEAD has other bytes`)
  assert.equal(await repository.git('rev-parse', `:${path}`), onDisk, `the index has other bytes`)
}

/** The number of commits reachable from HEAD. */
export const countCommits = async (repository: ScratchRepository): Promise<number> =>
  Number(await repository.git('rev-list', '--count', 'HEAD'))

/** The paths that a commit changes, sorted. */
export const pathsIn = async (repository: ScratchRepository, sha: string): Promise<string[]> => {
  const text = await repository.git('show', '--format=', '--name-only', '--no-renames', '-z', sha)
  return text.split('\0').filter((path) => path.trim() !== '')
}

/** Checks that a record is still on disk as it was closed. */
export const expectOnDisk = async (
  repository: ScratchRepository,
  op: PreparedOp,
): Promise<void> => {
  const found = await repository.read(op.path).catch((error: unknown) => {
    assert.fail(`the record ${op.path} can no longer be read: ${String(error)}`)
  })
  assert.equal(found, op.text, `the record ${op.path} has changed on disk`)
}
