import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newOpId } from '@kitty/record'
import { closedRecordText, newRepository, type Repository } from '@kitty/test-kit'
import { recordPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import type { NextStep, Verification } from '../../src/index.js'
import { closedOp, request, storeAt } from '../support/store.js'
import { verifyBranch } from '../support/verify-branch.js'

const store = async (options: Parameters<typeof newRepository>[0] = {}) => {
  const repository = await newRepository(options)
  return { repository, ops: await storeAt(repository.path) }
}

const gate = ({ path }: Repository, since?: string) =>
  verifyBranch({ root: path, ...(since !== undefined && { since }) })

/** The one violation that there is. */
const onlyViolation = async (repository: Repository) => {
  const { violations } = await gate(repository)
  expect(violations).toHaveLength(1)
  return violations[0] ?? { id: '', next: [] }
}

type Steps = Verification['violations'][number]['next']

/** The step with this verb. */
const stepOf = (next: Steps, verb: NextStep['verb']) => next.find((step) => step.verb === verb)

/** Commits the paths that the steps name, and nothing else. */
const commitBy = async (repository: Repository, next: Steps): Promise<void> => {
  const { path = '', to } = stepOf(next, 'git-commit') ?? {}
  const paths = to === undefined ? [path] : [path, to]
  await repository.git('commit', '--quiet', '-m', 'Back', '--', ...paths)
}

/** Takes the steps that put the first closed version back. */
const restoreBy = async (repository: Repository, next: Steps): Promise<void> => {
  const staged = stepOf(next, 'git-stage-blob')
  const entry = `100644,${staged?.sha},${staged?.path}`
  await repository.git('update-index', '--cacheinfo', entry)
  await repository.git('checkout', '--', stepOf(next, 'git-checkout-index')?.path ?? '')
  await commitBy(repository, next)
}

const tamper = async (repository: Repository, path: string): Promise<void> =>
  writeFile(
    join(repository.path, path),
    (await repository.read(path)).replace('"done"', '"failed"'),
  )

describe('the recommended steps of the gate lead out', () => {
  it('of a record that was changed: its first closed version is restored', async () => {
    const { repository, ops } = await store()
    const { path } = await closedOp(ops)
    const closed = await repository.read(path)
    await tamper(repository, path)
    await repository.commit('Better so')
    const { id, next } = await onlyViolation(repository)
    expect(id).toBe('changed-after-close')
    await restoreBy(repository, next)
    expect(await repository.read(path)).toBe(closed)
    expect(await gate(repository)).toMatchObject({ ok: true })
  })

  it.each<[string, (path: string) => string]>([
    ['with another name', () => 'kitty-ops/notes.jsonl'],
    ['in a folder of its own', (path) => path.replace('kitty-ops/', 'kitty-ops/2026/')],
  ])('of a record %s: it is moved', async (_, wrongPlace) => {
    const { repository, ops } = await store()
    const { path } = await closedOp(ops)
    await mkdir(join(repository.path, 'kitty-ops/2026'))
    await repository.git('mv', path, wrongPlace(path))
    await repository.commit('Moved')
    const { id, next } = await onlyViolation(repository)
    expect(id).toBe('misnamed')
    const move = stepOf(next, 'git-move')
    await repository.git('mv', move?.path ?? '', move?.to ?? '')
    await commitBy(repository, next)
    expect(await gate(repository)).toMatchObject({ ok: true })
  })

  it('of a copy of a record: it is removed', async () => {
    const { repository, ops } = await store()
    const { path } = await closedOp(ops)
    await repository.write('kitty-ops/copy.jsonl', await repository.read(path))
    await repository.commit('Copied')
    const { id, next } = await onlyViolation(repository)
    expect(id).toBe('misnamed')
    await repository.git('rm', '--quiet', '-f', '--', stepOf(next, 'git-remove')?.path ?? '')
    await commitBy(repository, next)
    expect(await gate(repository)).toMatchObject({ ok: true })
  })

  it('of a damaged record: its first closed version is restored', async () => {
    const { repository, ops } = await store()
    const { path } = await closedOp(ops)
    await repository.write(path, 'not a record\n')
    await repository.commit('Damaged')
    const { violations } = await gate(repository)
    await restoreBy(repository, violations.find(({ id }) => id === 'invalid-record')?.next ?? [])
    expect(await gate(repository)).toMatchObject({ ok: true })
  })

  it('of a commit that was pushed: the gate begins after it', async () => {
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
    const since = stepOf((await onlyViolation(repository)).next, 'verify-since')?.sha
    expect(await gate(repository, since)).toMatchObject({ ok: true })
  })
})

it('a record that was damaged from the first is not restored from its damaged version', async () => {
  const { repository } = await store()
  const id = newOpId()
  await repository.write(recordPath(id), `${closedRecordText({ id })}<<<<<<< HEAD\n`)
  await repository.commit('By hand')
  const { next } = await onlyViolation(repository)
  expect(next.map(({ verb }) => verb)).toEqual(['validate', 'git-log'])
})

it('a wrong first commit is rewritten from the root: it has no parent to begin after', async () => {
  const { repository, ops } = await store({ unborn: true })
  await closedOp(ops)
  const message = await repository.git('log', '-1', '--format=%B')
  const tree = await repository.git('rev-parse', 'HEAD^{tree}')
  const wrong = message.replace(': investigate', ': invent')
  const sha = await repository.git('commit-tree', tree.trim(), '-m', wrong)
  await repository.git('update-ref', 'HEAD', sha.trim())
  const { id, next } = await onlyViolation(repository)
  expect(id).toBe('wrong-message')
  expect(stepOf(next, 'git-rebase')).toEqual({ verb: 'git-rebase' })
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
    await ops.archive({ olderThanDays: 0 })
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
    expect(recordPath((await closedOp(none.ops)).id)).toMatch(/^kitty-ops\//)
  })
})
