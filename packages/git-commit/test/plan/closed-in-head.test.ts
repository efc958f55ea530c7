import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository } from '@kitty/test-kit'
import type { CommitResult, Ops } from '@kitty/writer'
import { archivedPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { directGit } from '../../src/direct-git.js'
import { expectCommitted } from '../support/expect-committed.js'
import { closeOne, startOne, storeAt } from '../support/ops.js'
import { archiveRequest } from '../support/requests.js'

const FAILED = { outcome: 'failed' } as const

/** The first line of a record: what it was before it was closed. */
const cutBack = (text: string): string => text.slice(0, text.indexOf('\n') + 1)

const DAMAGES: Readonly<Record<string, (text: string) => string>> = {
  'cut back to its first line': cutBack,
  'with an outcome that is none': (text) => text.replace('"done"', '"DONE"'),
}

const refusal = (place: string) => ({
  status: 'refused',
  code: 'CLOSED_IN_HEAD',
  message: expect.stringContaining(place),
  hint: expect.stringContaining(`git checkout HEAD -- ${place}`),
})

/** An Op that is committed and then reads as open on disk. */
const damagedAfterwards = async (damage: (text: string) => string) => {
  const repository = await newRepository()
  const ops = await storeAt(repository)
  const closed = await closeOne(ops)
  const text = await repository.read(closed.path)
  await repository.write(closed.path, damage(text))
  return { repository, ops, closed, text, tip: await repository.head() }
}

/** Refused, and nothing else happens: nothing is committed or staged, and nothing is retried. */
const expectRefused = async (
  { repository, ops }: { repository: Repository; ops: Ops },
  { commit, place, tip }: { commit: CommitResult | undefined; place: string; tip: string },
): Promise<void> => {
  expect(commit).toEqual(refusal(place))
  expect(await repository.head()).toBe(tip)
  expect(await repository.git('diff', '--cached', '--name-only')).toBe('')
  expect(await ops.pending()).toEqual([])
}

describe.each(Object.entries(DAMAGES))(
  'a record that HEAD holds closed, on disk %s',
  (_, damage) => {
    it('is not overwritten by a second close', async () => {
      const { repository, ops, closed, tip } = await damagedAfterwards(damage)
      const { commit } = await ops.complete(closed.id, FAILED)
      await expectRefused({ repository, ops }, { commit, place: closed.path, tip })
    })

    it('does not hold up other Ops, and is not written again once it is gone', async () => {
      const { repository, ops, closed, text } = await damagedAfterwards(damage)
      const other = await startOne(ops)
      await Promise.all([ops.complete(closed.id, FAILED), ops.complete(other.id, FAILED)])
      await rm(join(repository.path, closed.path))
      await ops.flush()
      expect(await repository.statusPorcelain()).toEqual([` D ${closed.path}`])
      await repository.git('checkout', 'HEAD', '--', closed.path)
      expect(await repository.read(closed.path)).toBe(text)
      await expectCommitted(repository, ops, closed)
      await expectCommitted(repository, ops, other)
    })
  },
)

describe('a record that HEAD holds closed in the archive', () => {
  it('gets no second version in the hot folder', async () => {
    const repository = await newRepository()
    const ops = await storeAt(repository)
    const { path, id } = await closeOne(ops)
    const text = await repository.read(path)
    const place = archivedPath(id)
    await repository.write(place, text)
    await repository.git('rm', '--quiet', path)
    const tip = await repository.commit('Archive it')
    await repository.write(path, cutBack(text))
    const { commit } = await ops.complete(id, FAILED)
    await expectRefused({ repository, ops }, { commit, place, tip })
  })

  it('is not replaced when a record that changed after it was closed is archived', async () => {
    const { repository, ops, closed, text, tip } = await damagedAfterwards((it) => it)
    const place = archivedPath(closed.id)
    await repository.write(place, text.replace('"done"', '"failed"'))
    const request = archiveRequest(repository.path, { from: closed.path, to: place })
    const [commit] = await directGit().commit(repository.path, [request])
    await expectRefused({ repository, ops }, { commit, place: closed.path, tip })
  })
})

it('an open version that a user committed is replaced', async () => {
  const repository = await newRepository()
  const ops = await storeAt(repository)
  const op = await startOne(ops)
  await repository.commit('With an open record')
  await expectCommitted(repository, ops, await ops.complete(op.id, FAILED))
})
