import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import { jsonIn, openIn, runIn } from '../support/in-process.js'

const oneClosed = async () => {
  const repository = await newRepository()
  const id = await openIn(repository.path, ['do', 'Something'])
  await runIn(repository.path, ['ops', 'complete', id, '--outcome', 'done'])
  return { repository, id }
}

it('an Op that a sparse checkout excludes from disk is shown from git', async () => {
  const { repository, id } = await oneClosed()
  await repository.git('sparse-checkout', 'set', '--no-cone', '/*', '!/kitty-ops/01*')
  const { stdout, stderr, status } = await runIn(repository.path, ['ops', 'show', id.slice(0, 12)])
  expect(status).toBe(0)
  expect(stdout).toMatch(new RegExp(`^Op ${id} {2}done after `))
  expect(stderr).toContain('The record is in git, but not on disk here.')
  const { json } = await jsonIn(repository.path, ['ops', 'show', id])
  expect(json).toMatchObject({
    op: { invocation_id: id },
    problems: [],
    commit: { sha: await repository.head() },
  })
})

it('is listed with those on the disk, in one order', async () => {
  const { repository, id } = await oneClosed()
  await repository.git('sparse-checkout', 'set', '--no-cone', '/*', '!/kitty-ops/01*')
  const open = await openIn(repository.path, ['do', 'More'])
  const { json } = await jsonIn(repository.path, ['ops', 'list'])
  expect(json).toMatchObject({ ops: [{ invocation_id: open }, { invocation_id: id }] })
  const closed = await jsonIn(repository.path, ['ops', 'list', '--status', 'closed', '-n', '1'])
  expect(closed.json).toMatchObject({ ops: [{ invocation_id: id, outcome: 'done' }] })
  const doctor = await jsonIn(repository.path, ['doctor', 'ops'])
  expect(doctor.json).toMatchObject({ findings: [{ id: 'open-op' }, { id: 'kept-off-disk' }] })
})

it('is listed once among all Ops of the clone, and in their report', async () => {
  const { repository, id } = await oneClosed()
  await repository.git('sparse-checkout', 'set', '--no-cone', '/*', '!/kitty-ops/01*')
  const { json } = await jsonIn(repository.path, ['ops', 'list', '--all'])
  expect(json).toMatchObject({ ops: [{ invocation_id: id, in: ['head', 'ledger'] }] })
  expect(Object(json).ops).toHaveLength(1)
  expect((await jsonIn(repository.path, ['ops', 'report', '--all'])).json).toMatchObject({ ops: 1 })
})

it('is in the report, with its request', async () => {
  const { repository, id } = await oneClosed()
  await repository.git('sparse-checkout', 'set', '--no-cone', '/*', '!/kitty-ops/01*')
  const { json } = await jsonIn(repository.path, ['ops', 'report'])
  expect(json).toMatchObject({ ops: 1 })
  const page = await readFile(String(Object(json).path), 'utf8')
  expect(page).toContain(`"id":"${id}","outcome":"done"`)
  expect(page).toContain('"request":"Something"')
})

it('several with one prefix that only git has are listed', async () => {
  const { repository, id } = await oneClosed()
  const other = await openIn(repository.path, ['do', 'More'])
  await runIn(repository.path, ['ops', 'complete', other, '--outcome', 'done'])
  await repository.git('sparse-checkout', 'set', '--no-cone', '/*', '!/kitty-ops/01*')
  const { json } = await jsonIn(repository.path, ['ops', 'show', '01'])
  expect(json).toMatchObject({
    error: { code: 'AMBIGUOUS_ID', hint: expect.stringContaining(`${other}, ${id}`) },
  })
})

it('a deleted one is shown, and one that does not exist is not found', async () => {
  const { repository, id } = await oneClosed()
  await rm(join(repository.path, 'kitty-ops', `${id}.jsonl`))
  expect((await runIn(repository.path, ['ops', 'show', id])).status).toBe(0)
  const unknown = await jsonIn(repository.path, ['ops', 'show', '7ZZ'])
  expect(unknown).toMatchObject({ status: 1, json: { error: { code: 'OP_NOT_FOUND' } } })
  const outside = await jsonIn(await tempFolder(), ['ops', 'show', id])
  expect(outside).toMatchObject({ status: 1, json: { error: { code: 'OP_NOT_FOUND' } } })
})
