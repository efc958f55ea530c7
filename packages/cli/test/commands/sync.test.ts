import { EventEmitter } from 'node:events'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { jsonIn, openIn, runIn } from '../support/in-process.js'
import { ledgerRef } from '../support/ledger.js'

const CONFIG = { '.kittify/config.yaml': 'ops: {remote: team}\n' }

/** A repository whose remote `team` is an empty bare repository. */
const withServer = async () => {
  const repository = await newRepository({ files: CONFIG })
  const server = repositoryAt(join(await tempFolder(), 'server.git'))
  await repository.git('init', '--quiet', '--bare', '--template=', server.path)
  await repository.git('remote', 'add', 'team', server.path)
  return { repository, server }
}

const cloneOf = async ({ path }: Repository): Promise<Repository> => {
  const copy = join(await tempFolder(), 'clone')
  await cp(path, copy, { recursive: true })
  await rm(join(copy, '.git', 'kitty'), { recursive: true, force: true })
  return repositoryAt(copy)
}

const closeIn = async ({ path }: Repository): Promise<string> => {
  const id = await openIn(path)
  await jsonIn(path, ['ops', 'complete', id, '--outcome', 'done'])
  return id
}

const syncIn = ({ path }: Repository, ...flags: readonly string[]) =>
  runIn(path, ['ops', 'sync', ...flags])

const writerOf = async (repository: Repository): Promise<string> =>
  (await ledgerRef(repository)).split('/').at(-1) ?? ''

describe('ops sync', () => {
  it('says what came and went, and the Ops of other clones are listed, shown and reported', async () => {
    const { repository: a } = await withServer()
    const b = await cloneOf(a)
    const [first, second] = [await closeIn(a), await closeIn(b)]
    const [writerA, writerB] = [await writerOf(a), await writerOf(b)]
    expect(await syncIn(a, '--dry-run')).toEqual({
      status: 0,
      stdout: `Would push   1 Op of writer ${writerA}\n`,
      stderr: '',
    })
    expect(await syncIn(a)).toMatchObject({ stdout: `Pushed   1 Op of writer ${writerA}\n` })
    expect(await syncIn(b, '--dry-run')).toMatchObject({
      stdout: `Would fetch  New Ops of writer ${writerA}\nWould push   1 Op of writer ${writerB}\n`,
    })
    expect(await syncIn(b, 'team')).toMatchObject({
      stdout: `Fetched  1 Op of writer ${writerA}\nPushed   1 Op of writer ${writerB}\n`,
    })
    expect(await syncIn(b)).toMatchObject({ stdout: 'Nothing new, here or on "team".\n' })
    await syncIn(a)
    const { json } = await jsonIn(a.path, ['ops', 'list', '--all'])
    expect(json).toMatchObject({
      ops: [
        { invocation_id: second, in: ['ledger'], writer: writerB },
        { invocation_id: first, in: ['disk', 'head', 'ledger'], writer: writerA },
      ],
    })
    expect((await runIn(a.path, ['ops', 'list', '--all'])).stdout).toContain(writerB.slice(0, 10))
    expect((await runIn(a.path, ['ops', 'show', second])).stdout).toMatch(
      new RegExp(`writer +${writerB}`),
    )
    const page = async (...flags: readonly string[]) => {
      await runIn(a.path, ['ops', 'report', '--output', 'page.html', '--force', ...flags])
      return readFile(join(a.path, 'page.html'), 'utf8')
    }
    expect(await page()).not.toContain(second)
    expect(await page('--all')).toContain(second)
    expect(await page('--all')).toContain(`"writer":"${writerB}"`)
    const restored = await jsonIn(a.path, ['ops', 'restore', second])
    expect(restored.json).toMatchObject({ restored: [{ from: 'ledger' }] })
    expect(await a.read(`kitty-ops/${second}.jsonl`)).toBe(
      await b.read(`kitty-ops/${second}.jsonl`),
    )
  })

  it('says that a copied clone has a new writer', async () => {
    const { repository: a } = await withServer()
    await closeIn(a)
    const copied = join(await tempFolder(), 'copy')
    await cp(a.path, copied, { recursive: true })
    const copy = repositoryAt(copied)
    await closeIn(a)
    await syncIn(a)
    const before = await writerOf(copy)
    expect((await syncIn(copy, '--dry-run')).stdout).toContain(
      `This clone would take a new writer: another one writes as ${before}.\n`,
    )
    const { stdout } = await syncIn(copy)
    const after = await writerOf(copy)
    expect(stdout).toBe(
      `Fetched  2 Ops of writer ${before}\nThis clone writes as ${after} from now on: another one writes as ${before}.\n`,
    )
  })

  it('warns about what a server refuses, with the Op, and exits 1', async () => {
    const { repository, server } = await withServer()
    const id = await closeIn(repository)
    await mkdir(join(server.path, 'hooks'))
    const hook = join(server.path, 'hooks', 'pre-receive')
    await writeFile(hook, '#!/bin/sh\necho "No secrets."\nexit 1\n', { mode: 0o755 })
    const { status, stdout, stderr } = await syncIn(repository)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(
      new RegExp(
        `^spec-kitty: warning: The server refused .* of Op ${id} .*No secrets.*\n {2}.+\n$`,
      ),
    )
  })

  it('counts what is no record, and notes that the server has less', async () => {
    const { repository: a, server } = await withServer()
    await a.git('push', '--quiet', 'team', 'HEAD:refs/kitty/ops/01K6ZP4WQ0000000000000000A')
    expect(await syncIn(a)).toMatchObject({
      stdout: 'Fetched  0 Ops of writer 01K6ZP4WQ0000000000000000A; 1 other file ignored\n',
    })
    const b = await cloneOf(a)
    await closeIn(b)
    await syncIn(b)
    const ref = `refs/kitty/ops/${await writerOf(b)}`
    const old = await server.git('rev-parse', ref)
    await closeIn(b)
    await syncIn(b)
    await syncIn(a)
    await server.git('update-ref', ref, old)
    const { status, stdout, stderr } = await syncIn(a)
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
    expect(stderr).toMatch(/^spec-kitty: The server has less of refs.*\n {2}Nothing to do: .*\n$/)
  })

  it('names the doctor if the ledger was moved back', async () => {
    const { repository } = await withServer()
    await closeIn(repository)
    await closeIn(repository)
    const ref = await ledgerRef(repository)
    await repository.git('update-ref', ref, `${ref}~1`)
    const { status, stderr } = await syncIn(repository)
    expect(status).toBe(1)
    expect(stderr).toContain('spec-kitty doctor ops --check ledger-rewound')
  })

  it('says what is missing: a repository, a remote, its name, a server', async () => {
    const outside = await jsonIn(await tempFolder(), ['ops', 'sync'])
    expect(outside).toMatchObject({ status: 1, json: { error: { code: 'NO_REPOSITORY' } } })
    const { path } = await newRepository()
    const missing = await runIn(path, ['ops', 'sync'])
    expect(missing).toMatchObject({ status: 1, stdout: '' })
    expect(missing.stderr).toMatch(/^spec-kitty: No remote was named\.\n {2}.*ops sync origin.*\n$/)
    const unknown = await jsonIn(path, ['ops', 'sync', 'https://example.org/x.git'])
    expect(unknown).toMatchObject({ status: 1, json: { error: { code: 'REMOTE_UNKNOWN' } } })
    const { repository, server } = await withServer()
    await rm(server.path, { recursive: true })
    const gone = await jsonIn(repository.path, ['ops', 'sync'])
    expect(gone).toMatchObject({ status: 1, json: { error: { code: 'SYNC_OFFLINE' } } })
  })

  it('ends at a signal, and says so', async () => {
    const { repository, server } = await withServer()
    await closeIn(repository)
    await mkdir(join(server.path, 'hooks'))
    const hook = join(server.path, 'hooks', 'pre-receive')
    await writeFile(hook, '#!/bin/sh\n: > started\nsleep 60\n', { mode: 0o755 })
    const signals = new EventEmitter()
    const running = jsonIn(repository.path, ['ops', 'sync'], { signals })
    const isStarted = () =>
      readFile(join(server.path, 'started')).then(
        () => true,
        () => false,
      )
    while (!(await isStarted())) await new Promise((resolve) => setTimeout(resolve, 20))
    signals.emit('SIGTERM')
    expect(await running).toMatchObject({
      status: 1,
      json: { error: { code: 'SYNC_INTERRUPTED' } },
    })
    expect(signals.listenerCount('SIGTERM')).toBe(0)
  })
})
