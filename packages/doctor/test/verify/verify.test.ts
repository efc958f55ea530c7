import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { recordPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import {
  closedOp,
  newStore,
  newVisibleStore,
  request,
  type Store,
  storeAt,
} from '../support/store.js'
import { verifyBranch } from '../support/verify-branch.js'

/** What the gate says, by the ids of its findings. */
const judged = async ({ repository }: Store, since?: string) => {
  const { ok, violations, notes } = await verifyBranch({
    root: repository.path,
    ...(since !== undefined && { since }),
  })
  const idsOf = (findings: typeof notes) => findings.map(({ id }) => id)
  // Each says what to do, as data.
  for (const { message, next } of violations) {
    expect(message).not.toMatch(/git [a-z-]+ --?|spec-kitty/)
    expect(next).not.toEqual([])
  }
  return { ok, violations: idsOf(violations), notes: idsOf(notes) }
}

const FINE = { ok: true, violations: [], notes: [] }

/** Writes a commit as if this software had made it: no hand can be seen in it. */
const commitAs = async ({ repository }: Store, message: string): Promise<void> => {
  await repository.git('add', 'kitty-ops')
  const env = {
    GIT_AUTHOR_DATE: '@1700000000 +0000',
    GIT_COMMITTER_DATE: '@1700000000 +0000',
  }
  await repository.gitWith({ env }, 'commit', '--quiet', '-m', message)
}

const messageOf = async ({ repository }: Store, rev = 'HEAD'): Promise<string> =>
  repository.git('log', '-1', '--format=%B', rev)

describe('the gate is open', () => {
  it('for Ops, merges of them and an archive', async () => {
    const store = await newStore()
    const { git } = store.repository
    await closedOp(store.ops)
    await git('checkout', '--quiet', '-b', 'side')
    await closedOp(store.ops)
    await git('checkout', '--quiet', 'work')
    await closedOp(store.ops)
    await git('merge', '--quiet', '--no-ff', '-m', 'Merge', 'side')
    await store.ops.archive({ olderThanDays: 0 })
    await closedOp(store.ops)
    expect(await judged(store)).toEqual(FINE)
    expect(await judged(store, 'HEAD~1')).toEqual(FINE)
  })

  it('for a squash, with a note', async () => {
    const store = await newStore()
    const { git } = store.repository
    await git('checkout', '--quiet', '-b', 'side')
    await closedOp(store.ops)
    await closedOp(store.ops)
    await git('checkout', '--quiet', 'work')
    await git('merge', '--quiet', '--squash', 'side')
    await git('commit', '--quiet', '-m', 'Squashed')
    expect(await judged(store)).toEqual({ ...FINE, notes: ['no-op-commit'] })
  })

  it('for an open record that git add -A took along, with a note', async () => {
    const store = await newVisibleStore()
    const { id } = await store.ops.start(request)
    await store.repository.commit('Everything')
    await store.ops.complete(id, { outcome: 'done' })
    expect(await judged(store)).toEqual({ ...FINE, notes: ['open-in-other-commit'] })
  })

  it('for what a hand did to an Op’s commit, with notes', async () => {
    const store = await newStore()
    const { repository } = store
    await closedOp(store.ops)
    await repository.write('mine.txt', 'mine\n')
    await repository.git('add', 'mine.txt')
    await repository.git('commit', '--quiet', '--amend', '--no-edit')
    expect(await judged(store)).toEqual({ ...FINE, notes: ['foreign-paths'] })
    const edited = (await messageOf(store)).replace('op(debugger-debbie)', 'op(somebody)')
    const env = { GIT_COMMITTER_DATE: '@1800000000 +0000', GIT_COMMITTER_NAME: 'Hand' }
    await repository.gitWith({ env }, 'commit', '--quiet', '--amend', '-m', edited)
    expect((await judged(store)).notes).toContain('edited-message')
    await repository.git('commit', '--quiet', '--allow-empty', '-m', 'op(nobody): did [01K6ZP4W]')
    expect((await judged(store)).ok).toBe(true)
  })

  it('for what a person did within the second, and for any author', async () => {
    const store = await newVisibleStore()
    const { repository, ops } = store
    const { path } = await closedOp(ops)
    await ops.start(request)
    await repository.git('add', '-A')
    const env = { GIT_COMMITTER_DATE: '@1700000000 +0000' }
    const amend = ['commit', '--quiet', '--amend', '--date', '@1700000000 +0000']
    await repository.gitWith({ env }, ...amend, '--no-edit')
    const notes = ['open-in-other-commit', 'foreign-paths']
    expect(await judged(store)).toEqual({ ...FINE, notes })
    const forged = (await messageOf(store)).replace('Op-Outcome: done', 'Op-Outcome: failed')
    await repository.git('reset', '--quiet', '--mixed', 'HEAD~1')
    await repository.git('add', path)
    const bot = { ...env, GIT_AUTHOR_NAME: 'Bot', GIT_AUTHOR_DATE: '@1700000000 +0000' }
    await repository.gitWith({ env: bot }, 'commit', '--quiet', '-m', forged)
    expect((await judged(store)).violations).toEqual(['wrong-message'])
  })

  it('for an Op’s commit that was reworded to its subject, or to no subject of an Op', async () => {
    const store = await newStore()
    const { repository, ops } = store
    const { id: invocation_id } = await closedOp(ops)
    const amend = ['commit', '--quiet', '--amend', '-m']
    const gate = () => verifyBranch({ root: repository.path })
    await repository.git(...amend, (await messageOf(store)).split('\n')[0] ?? '')
    expect(await gate()).toMatchObject({
      ok: true,
      notes: [{ id: 'no-trailers', invocation_id }],
    })
    await repository.git(...amend, 'op(me): tidied up')
    const { ok, notes } = await gate()
    expect(ok).toBe(true)
    expect(notes.map(({ id }) => id)).toContain('edited-message')
    expect(notes[0]).not.toHaveProperty('invocation_id')
  })

  it('for an Op’s commit that was amended with files beside the project', async () => {
    const repository = await newRepository()
    const root = join(repository.path, 'packages', 'app')
    await mkdir(root, { recursive: true })
    const { id } = await closedOp(await storeAt(root))
    expect(await verifyBranch({ root })).toMatchObject({ ok: true, notes: [] })
    await repository.write('one.txt', '1\n')
    await repository.git('add', '--all')
    await repository.git('commit', '--quiet', '--amend', '--no-edit')
    const foreign = async () => (await verifyBranch({ root })).notes
    expect(await foreign()).toMatchObject([{ id: 'foreign-paths', invocation_id: id }])
    expect((await foreign())[0]?.message).toMatch(/contains one\.txt,/)
    await repository.write('packages/two.txt', '2\n')
    await repository.git('add', '--all')
    await repository.git('commit', '--quiet', '--amend', '--no-edit')
    expect((await foreign())[0]?.message).toMatch(/contains one\.txt and 1 more,/)
  })

  it('for links after a legacy completion, with a note', async () => {
    const store = await newVisibleStore()
    const { ops, repository } = store
    const { id, path } = await ops.start(request)
    const legacy = {
      event: 'completed',
      invocation_id: id,
      completed_at: '2026-11-23T10:00:00Z',
      outcome: null,
      action: '',
      actor: 'unknown',
      started_at: '',
    }
    const link = {
      event: 'artifact_link',
      invocation_id: id,
      at: '2026-11-23T10:00:01Z',
      kind: 'file',
      ref: 'a.txt',
    }
    await appendFile(join(repository.path, path), `${JSON.stringify(legacy)}\n`)
    await repository.commit('Legacy')
    await appendFile(join(repository.path, path), `${JSON.stringify(link)}\n`)
    await repository.commit('Link')
    expect((await judged(store)).notes).toContain('links-after-completion')
  })

  it('for a partial clone, of which only that is said', async () => {
    const { repository, ops } = await newStore()
    await closedOp(ops)
    await ops.archive({ olderThanDays: 0 })
    await closedOp(ops)
    await repository.git('config', 'uploadpack.allowFilter', 'true')
    const clone = await tempFolder()
    const partial = ['--filter=blob:none', '--no-checkout']
    await repository.git('clone', '--quiet', ...partial, `file://${repository.path}`, clone)
    const { ok, checked, notes } = await verifyBranch({ root: clone })
    expect({ ok, checked }).toEqual({ ok: true, checked: { records: 0, commits: 0 } })
    expect(notes.map(({ id }) => id)).toEqual(['not-in-clone'])
    expect(notes[0]?.message).toMatch(/^2 versions of records are not in this clone/)
    expect(notes[0]?.next).toEqual([{ verb: 'git-refetch' }])
  })

  it('for what a shallow clone has, and in a bare one', async () => {
    const { repository, ops } = await newStore()
    await closedOp(ops)
    await closedOp(ops)
    const [shallow, bare] = [await tempFolder(), await tempFolder()]
    const url = `file://${repository.path}`
    await repository.git('clone', '--quiet', '--depth', '1', url, shallow)
    await repository.git('clone', '--quiet', '--bare', url, bare)
    expect(await verifyBranch({ root: shallow })).toMatchObject({
      ok: true,
      notes: [{ id: 'shallow', next: [{ verb: 'git-unshallow' }] }],
    })
    expect(await verifyBranch({ root: bare })).toMatchObject({ ok: true, notes: [] })
  })
})

describe('the gate is shut', () => {
  it('when a record was changed after it was closed', async () => {
    const store = await newStore()
    const { path } = await closedOp(store.ops)
    const file = join(store.repository.path, path)
    await writeFile(file, (await store.repository.read(path)).replace('done', 'failed'))
    await store.repository.commit('Better so')
    expect(await judged(store)).toMatchObject({ ok: false, violations: ['changed-after-close'] })
    expect(await judged(store, 'HEAD')).toEqual(FINE)
  })

  it('when a record at the tip is damaged or in the wrong place', async () => {
    const store = await newStore()
    const { repository } = store
    const { path, id } = await closedOp(store.ops)
    await repository.git('mv', path, 'kitty-ops/notes.jsonl')
    await repository.commit('Moved')
    expect((await judged(store)).violations).toContain('misnamed')
    await repository.git('mv', 'kitty-ops/notes.jsonl', path)
    await repository.write(path, 'not a record\n')
    await repository.commit('Damaged')
    expect((await judged(store)).violations).toEqual(
      expect.arrayContaining(['invalid-record', 'changed-after-close']),
    )
    expect(path).toBe(recordPath(id))
  })

  it.skipIf(process.platform === 'win32')('when there is a link in its place', async () => {
    const store = await newStore()
    const { path } = await closedOp(store.ops)
    const { repository } = store
    await repository.gitWith({ input: 'elsewhere' }, 'hash-object', '-w', '--stdin')
    const id = (await repository.gitWith({ input: 'elsewhere' }, 'hash-object', '--stdin')).stdout
    await repository.git('update-index', '--cacheinfo', `120000,${id},${path}`)
    await repository.git('commit', '--quiet', '-m', 'Link')
    expect((await judged(store)).violations).toContain('invalid-record')
  })

  it('when an Op’s own commit holds it open, or says something else', async () => {
    const store = await newStore()
    const { repository, ops } = store
    const { id, path } = await closedOp(ops)
    const message = await messageOf(store)
    const closed = await repository.read(path)
    await repository.git('reset', '--quiet', '--hard', 'HEAD~1')
    await repository.write(path, `${closed.split('\n')[0]}\n`)
    await commitAs(store, message)
    expect((await judged(store)).violations).toEqual(['open-in-op-commit'])
    await repository.git('reset', '--quiet', '--hard', 'HEAD~1')
    await repository.write(path, closed)
    await commitAs(store, message.replace('investigate', 'invent'))
    expect((await judged(store)).violations).toEqual(['wrong-message'])
    await repository.git('reset', '--quiet', '--hard', 'HEAD~1')
    await repository.write(path, closed)
    await commitAs(store, message.replaceAll(id, '01K6ZP4WQ00000000000000000'))
    expect((await judged(store)).ok).toBe(false)
  })
})
