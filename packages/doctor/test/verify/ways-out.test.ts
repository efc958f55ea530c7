import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository } from '@kitty/test-kit'
import { recordPath } from '@kitty/writer'
import { describe, expect, it } from 'vitest'
import { archive, verify } from '../../src/index.js'
import { closedOp, request, storeAt } from '../support/store.js'

const store = async (options: Parameters<typeof newRepository>[0] = {}) => {
  const repository = await newRepository(options)
  return { repository, ops: await storeAt(repository.path) }
}

const gate = ({ path }: Repository, since?: string) =>
  verify({ root: path, ...(since !== undefined && { since }) })

/** The one violation that there is. */
const onlyViolation = async (repository: Repository) => {
  const { violations } = await gate(repository)
  expect(violations).toHaveLength(1)
  return violations[0] ?? { id: '', message: '' }
}

/** The part of a message between two words. */
const between = (message: string, from: string, until: string): string =>
  message.slice(message.indexOf(from) + from.length).split(until)[0] ?? ''

const tamper = async (repository: Repository, path: string): Promise<void> =>
  writeFile(
    join(repository.path, path),
    (await repository.read(path)).replace('"done"', '"failed"'),
  )

describe('what the gate says leads out', () => {
  it('of a record that was changed: its first closed version comes back', async () => {
    const { repository, ops } = await store()
    const { path } = await closedOp(ops)
    const closed = await repository.read(path)
    await tamper(repository, path)
    await repository.commit('Better so')
    const { id, message } = await onlyViolation(repository)
    expect(id).toBe('changed-after-close')
    const entry = between(message, "git update-index --cacheinfo '", "'")
    await repository.git('update-index', '--cacheinfo', entry)
    expect(message).toContain(` and git checkout -- ${path}, then git commit`)
    await repository.git('checkout', '--', path)
    expect(await repository.read(path)).toBe(closed)
    await repository.commit('Back')
    expect(await gate(repository)).toMatchObject({ ok: true })
  })

  it('of a record with another name: it is moved', async () => {
    const { repository, ops } = await store()
    const { path } = await closedOp(ops)
    await repository.git('mv', path, 'kitty-ops/notes.jsonl')
    await repository.commit('Moved')
    const { id, message } = await onlyViolation(repository)
    expect(id).toBe('misnamed')
    await repository.git('mv', ...between(message, 'git mv ', ',').split(' '))
    await repository.commit('Back')
    expect(await gate(repository)).toMatchObject({ ok: true })
  })

  it('of a record in a folder of its own: it is moved', async () => {
    const { repository, ops } = await store()
    const { path } = await closedOp(ops)
    await mkdir(join(repository.path, 'kitty-ops/2026'))
    await repository.git('mv', path, path.replace('kitty-ops/', 'kitty-ops/2026/'))
    await repository.commit('Sorted by year')
    const { id, message } = await onlyViolation(repository)
    expect(id).toBe('misnamed')
    await repository.git('mv', ...between(message, 'git mv ', ',').split(' '))
    await repository.commit('Back')
    expect(await gate(repository)).toMatchObject({ ok: true })
  })

  it('of a damaged record: one of its versions is taken', async () => {
    const { repository, ops } = await store()
    const { path } = await closedOp(ops)
    const [good] = await repository.log('%H')
    await repository.write(path, 'not a record\n')
    await repository.commit('Damaged')
    const { violations } = await gate(repository)
    const message = violations.find(({ id }) => id === 'invalid-record')?.message ?? ''
    expect(message).toContain(`git checkout COMMIT -- ${path}`)
    await repository.git('checkout', '--quiet', good ?? '', '--', path)
    await repository.commit('Back')
    expect(await gate(repository)).toMatchObject({ ok: true })
  })

  it('of a commit that everybody has: the gate begins after it', async () => {
    const { repository, ops } = await store()
    const { path } = await closedOp(ops)
    const [subject = ''] = await repository.log('%B')
    const closed = await repository.read(path)
    await repository.git('reset', '--quiet', '--hard', 'HEAD~1')
    await repository.write(path, `${closed.split('\n')[0]}\n`)
    await repository.git('add', 'kitty-ops')
    const env = { GIT_AUTHOR_DATE: '@1700000000 +0000', GIT_COMMITTER_DATE: '@1700000000 +0000' }
    await repository.gitWith({ env }, 'commit', '--quiet', '-m', subject)
    await repository.write(path, closed)
    await repository.commit('Closed by hand')
    const { message } = await onlyViolation(repository)
    const since = between(message, 'verify --since ', '\n').trim()
    expect(await gate(repository, since)).toMatchObject({ ok: true })
  })
})

describe('the gate sees', () => {
  it('what a merge itself has changed', async () => {
    const { repository, ops } = await store()
    const { path } = await closedOp(ops)
    await repository.git('checkout', '--quiet', '-b', 'side')
    await repository.write('theirs.txt', 'x\n')
    await repository.commit('Theirs')
    await repository.git('checkout', '--quiet', 'work')
    await repository.write('ours.txt', 'x\n')
    await repository.commit('Ours')
    await repository.git('merge', '--quiet', '--no-ff', '--no-commit', 'side')
    await tamper(repository, path)
    await repository.git('add', path)
    await repository.git('commit', '--quiet', '-m', 'Merge')
    expect((await onlyViolation(repository)).id).toBe('changed-after-close')
  })

  it('a record that was changed where its own commit was amended', async () => {
    const { repository, ops } = await store()
    const { path } = await closedOp(ops)
    await closedOp(ops)
    await tamper(repository, path)
    await repository.git('commit', '--quiet', '--all', '--amend', '--no-edit')
    expect((await onlyViolation(repository)).id).toBe('changed-after-close')
  })

  it('nothing wrong in a rebase, an archive, or what came before --since', async () => {
    const { repository, ops } = await store()
    await closedOp(ops)
    await repository.git('checkout', '--quiet', '-b', 'side')
    await closedOp(ops)
    await closedOp(ops)
    await repository.git('checkout', '--quiet', 'work')
    await repository.write('ours.txt', 'x\n')
    await repository.commit('Ours')
    await archive({ ops, olderThanDays: 0 })
    await repository.git('checkout', '--quiet', 'side')
    await repository.git('rebase', '--quiet', 'work')
    expect(await gate(repository)).toMatchObject({ ok: true, violations: [] })
    expect(await gate(repository, 'work')).toMatchObject({ ok: true, checked: { records: 2 } })
  })

  it('a SHA-256 history as any other', async () => {
    const { repository, ops } = await store({ objectFormat: 'sha256' })
    const { path } = await closedOp(ops)
    expect(await gate(repository)).toMatchObject({ ok: true, notes: [] })
    await tamper(repository, path)
    await repository.commit('Better so')
    expect((await onlyViolation(repository)).id).toBe('changed-after-close')
  })

  it('no records on an unborn branch, and none where there is no folder', async () => {
    const unborn = await store({ unborn: true })
    const none = await store()
    const nothing = { ok: true, checked: { records: 0, commits: 0 }, violations: [], notes: [] }
    expect(await gate(unborn.repository)).toEqual(nothing)
    expect(await gate(none.repository)).toEqual(nothing)
    await none.ops.start(request)
    expect(await gate(none.repository)).toEqual(nothing)
    expect(recordPath((await closedOp(none.ops)).invocation_id)).toMatch(/^kitty-ops\//)
  })
})
