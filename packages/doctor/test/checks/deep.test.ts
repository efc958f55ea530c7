import { noCommit } from '@kitty/git-commit'
import { newOpId } from '@kitty/record'
import { closedRecordText, newRepository, type Repository } from '@kitty/test-kit'
import { recordPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { type CheckContext, doctorOps, restoreOps, verify } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { closedOp, newStore, request, storeAt } from '../support/store.js'

/** A commit of somebody who had time to think. */
const commitLater = (repository: Repository, message: string) => {
  const at = `@${Math.floor(Date.now() / 1000) + 600} +0000`
  const env = { GIT_COMMITTER_DATE: at, GIT_AUTHOR_DATE: at }
  return repository.gitWith({ env }, 'commit', '--quiet', '--all', '-m', message)
}

describe('the whole history', () => {
  it('is checked only if asked for, and reports its progress', async () => {
    const { ops } = await newStore()
    await closedOp(ops)
    const seen: Parameters<NonNullable<CheckContext['onProgress']>>[0][] = []
    const onProgress = (progress: (typeof seen)[number]) => void seen.push(progress)
    await doctorOps({ ops, onProgress })
    expect(seen).toEqual([{ what: 'records', done: 1, total: 1 }])
    await doctorOps({ ops, deep: true, onProgress })
    expect(seen).toContainEqual({ what: 'history' })
    await expectHealthy(ops)
  })

  it('finds a closed record that was changed and committed', async () => {
    const { repository, ops } = await newStore()
    const op = await closedOp(ops)
    const bytes = await repository.read(op.path)
    const first = (await repository.head()).slice(0, 10)
    await repository.write(op.path, bytes.replace('Why does', 'Why did'))
    await repository.commit('By hand')
    expect((await doctorOps({ ops })).findings).toEqual([])
    const { findings, fixed } = await doctorOps({ ops, deep: true, fix: true })
    expect(fixed).toEqual([])
    expect(findings).toMatchObject([
      { id: 'changed-in-history', severity: 'error', path: op.path, fixable: false },
    ])
    expect(findings[0]?.next).toContainEqual({ verb: 'git-show', sha: first, path: op.path })
    await repository.write(op.path, bytes)
    await repository.commit('As it was')
    expect((await doctorOps({ ops, deep: true })).findings).toEqual([])
    await expectHealthy(ops)
  })

  it('sees a change that only a merge made', async () => {
    const { repository, ops } = await newStore()
    const op = await closedOp(ops)
    await repository.git('checkout', '--quiet', '-b', 'other')
    await repository.write('a', 'a')
    await repository.commit('Other')
    await repository.git('checkout', '--quiet', 'work')
    await repository.git('merge', '--quiet', '--no-ff', '--no-commit', 'other')
    await repository.write(op.path, `${await repository.read(op.path)}\n`)
    await repository.commit('Merge')
    const { findings } = await doctorOps({ ops, checks: ['changed-in-history'] })
    expect(findings).toMatchObject([{ invocation_id: op.id }])
  })

  it('lets a record grow until it is closed, and a legacy one get its links', async () => {
    const { repository, ops } = await newStore(noCommit())
    const op = await ops.start(request)
    await repository.commit('Open')
    await ops.complete(op.id, { outcome: 'done' })
    const id = newOpId()
    const legacy = closedRecordText({ id }).replace(',"closed_by":"agent"', '')
    await repository.write(recordPath(id), legacy)
    await repository.commit('Closed')
    const link = `{"event":"commit_link","invocation_id":"${id}","at":"2026-11-23T06:13:50Z","sha":"4f2a9c1"}\n`
    await repository.write(recordPath(id), `${legacy}${link}`)
    await repository.commit('Linked')
    expect((await doctorOps({ ops, checks: ['changed-in-history'] })).findings).toEqual([])
    await repository.write(recordPath(id), `${legacy}{"event":"commit_link"}\n${link}`)
    await repository.commit('Something else')
    const { findings } = await doctorOps({ ops, checks: ['changed-in-history'] })
    expect(findings).toMatchObject([{ invocation_id: id }])
    expect((await verify({ root: repository.path })).violations).toContainEqual(
      expect.objectContaining({ id: 'changed-after-close', invocation_id: id }),
    )
  })

  it('finds what a commit deleted, and restores it by name', async () => {
    const { repository, ops } = await newStore()
    const [op, other] = [await closedOp(ops), await closedOp(ops)]
    const bytes = await repository.read(op.path)
    await repository.git('rm', '--quiet', op.path)
    await commitLater(repository, 'Tidied')
    const checks = ['deleted-in-history']
    const { findings } = await doctorOps({ ops, checks })
    expect(findings).toMatchObject([{ severity: 'error', path: op.path, fixable: false }])
    expect(findings[0]?.next).toContainEqual({ verb: 'restore', id: op.id })
    await repository.git('rm', '--quiet', other.path)
    await commitLater(repository, 'Tidied more')
    const both = await doctorOps({ ops, checks })
    expect(both.findings[0]?.invocation_ids).toEqual([op.id, other.id])
    expect(await restoreOps({ ops })).toEqual({ restored: [], left: [] })
    const { restored } = await restoreOps({ ops, ids: [other.id, op.id] })
    expect(restored).toMatchObject([{ from: 'history' }, { from: 'history' }])
    expect(await repository.read(op.path)).toBe(bytes)
    await doctorOps({ ops, fix: true })
    expect((await doctorOps({ ops, deep: true })).findings).toEqual([])
    await expectHealthy(ops)
  })

  it('restores what a commit deleted that ran at the same time as the Op’s', async () => {
    const { repository, ops } = await newStore()
    const op = await closedOp(ops)
    const bytes = await repository.read(op.path)
    await repository.git('rm', '--quiet', op.path)
    await repository.commit('An index that did not know it')
    const { findings } = await doctorOps({ ops, deep: true })
    expect(findings).toMatchObject([{ id: 'deleted-in-history', path: op.path, fixable: true }])
    expect(findings[0]?.message).toContain(
      'a commit that ran at the same time deleted it within a minute',
    )
    const plan = await doctorOps({ ops, deep: true, fix: true, dryRun: true })
    expect(plan.fixed[0]?.message).toBe('Would restore 1 from history and commit again.')
    const { fixed, healthy } = await doctorOps({ ops, deep: true, fix: true })
    expect([fixed.map(({ done }) => done), healthy]).toEqual([[true], true])
    expect(await repository.git('show', `HEAD:${op.path}`)).toBe(bytes.trimEnd())
    await expectHealthy(ops)
  })

  it('is empty on an unborn branch', async () => {
    const { path } = await newRepository({ unborn: true })
    const ops = await storeAt(path)
    expect((await doctorOps({ ops, deep: true })).findings).toEqual([])
  })
})

describe('what should not be known to everybody', () => {
  it('is found in records, and never repeated', async () => {
    const { repository } = await newStore()
    const ops = await storeAt(repository.path, { redact: false })
    const secret = `ghp_${'a1B2'.repeat(9)}`
    const op = await ops.start({ ...request, request_text: `Use ${secret}\nin /home/ursula/x` })
    await ops.complete(op.id, { outcome: 'done' })
    expect((await doctorOps({ ops })).findings).toEqual([])
    const one = await doctorOps({ ops, deep: true })
    expect(one.findings.map(({ id, severity }) => [id, severity])).toEqual([
      ['secret-text', 'warning'],
      ['home-path', 'info'],
    ])
    expect(one.findings[0]?.message).toContain('github-token')
    expect(JSON.stringify(one)).not.toContain(secret)
    const again = await ops.start({ ...request, request_text: 'C:\\Users\\ursula\\x' })
    await ops.complete(again.id, { outcome: 'done' })
    const { findings } = await doctorOps({ ops, checks: ['home-path'] })
    expect(findings[0]?.invocation_ids).toEqual([op.id, again.id])
  })

  it('is found by the patterns of the project and by the form of a token', async () => {
    const { repository } = await newStore()
    const ops = await storeAt(repository.path, { redact: false, redactPatterns: ['acme-[0-9]+'] })
    const token = `gl${'pat'}-${'a1B2'.repeat(5)}`
    const op = await ops.start({ ...request, request_text: `Use ${token} and acme-1234` })
    await ops.complete(op.id, { outcome: 'done' })
    await repository.write(`.kittify/evidence/${op.id}/notes.md`, 'See acme-5678.\n')
    const { findings } = await doctorOps({ ops, checks: ['secret-text'] })
    expect(findings.map(({ path, message }) => [path, /\((.*)\)/.exec(message)?.[1]])).toEqual([
      [`.kittify/evidence/${op.id}/notes.md`, 'custom'],
      [op.path, 'gitlab-token, custom'],
    ])
  })

  it('is found in logs and in evidence too, where that is text', async () => {
    const { repository, ops } = await newStore()
    const op = await closedOp(ops)
    const secret = `ghp_${'a1B2'.repeat(9)}`
    const folder = `.kittify/evidence/${op.id}`
    await repository.write('kitty-ops/lifecycle.jsonl', `{"reason":"${secret}"}\n`)
    await repository.write(`${folder}/notes.md`, 'See "/home/ursula/notes".\n')
    await repository.write(`${folder}/picture.bin`, Buffer.from(`\0${secret}`))
    await repository.write(`${folder}/long.log`, `${secret}\n${' '.repeat(1024 * 1024)}`)
    const { findings } = await doctorOps({ ops, checks: ['secret-text', 'home-path'] })
    expect(findings.map(({ id, path }) => [id, path])).toEqual([
      ['secret-text', 'kitty-ops/lifecycle.jsonl'],
      ['home-path', `${folder}/notes.md`],
    ])
  })
})
