import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseOpRecord } from '@kitty/record'
import { newRepository, tempFolder, upstreamAt } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { jsonIn, runIn } from '../support/in-process.js'

const CORPUS = join(import.meta.dirname, '../../../../../shared/corpus/records')

const names = existsSync(CORPUS) ? readdirSync(CORPUS).toSorted() : []

const ID_LENGTH = 26

const isClosed = (text: string): boolean => parseOpRecord(text).status === 'closed'

/** The versions of each record, an open one first. */
const versions = (() => {
  const byId = new Map<string, string[]>()
  for (const name of names) {
    const id = name.slice(0, ID_LENGTH)
    byId.set(id, [...(byId.get(id) ?? []), readFileSync(join(CORPUS, name), 'utf8')])
  }
  return new Map(
    [...byId].map(([id, texts]) => [
      id,
      texts.toSorted((a, b) => Number(isClosed(a)) - Number(isClosed(b))),
    ]),
  )
})()

const closedIds = [...versions].flatMap(([id, texts]) => (isClosed(texts.at(-1) ?? '') ? [id] : []))

type Listed = {
  readonly invocation_id: string
  readonly status: string
  readonly in?: readonly string[]
}

const listIn = async (cwd: string, ...flags: readonly string[]): Promise<readonly Listed[]> =>
  Object((await jsonIn(cwd, ['ops', 'list', '--limit', 'all', ...flags])).json).ops

// Real records are outside the repository, and only on some machines.
describe.skipIf(names.length === 0)('the real records (needs ../shared/corpus)', () => {
  it('are valid, each version', async () => {
    const files = names.map((name) => join(CORPUS, name))
    const { json } = await jsonIn(CORPUS, ['ops', 'validate', ...files])
    expect(json).toMatchObject({ valid: names.length, invalid: 0 })
  })

  it('go through show, list, the doctor, the ledger, the gate and the archive', async () => {
    const repository = await newRepository()
    const { path } = repository
    await upstreamAt(path)
    await mkdir(join(path, 'kitty-ops'))
    const put = async (versionOf: (texts: readonly string[]) => string | undefined) => {
      for (const [id, texts] of versions) {
        await writeFile(join(path, 'kitty-ops', `${id}.jsonl`), versionOf(texts) ?? '')
      }
    }
    // Three links were corrected after the close, which the gate rightly refuses: of these, only the last version is used.
    await put((texts) => texts.find((text) => !isClosed(text)) ?? texts.at(-1))
    await repository.commit('As they were first')
    await put((texts) => texts.at(-1))
    expect((await listIn(path)).map((op) => op.invocation_id).toSorted()).toEqual([
      ...versions.keys(),
    ])
    for (const id of versions.keys()) {
      const { status, json } = await jsonIn(path, ['ops', 'show', id])
      expect({ status, json }).toMatchObject({ status: 0, json: { op: { invocation_id: id } } })
    }
    await runIn(path, ['doctor', 'ops', '--fix'])
    const gate = async () => (await jsonIn(path, ['ops', 'verify'])).json
    expect(await gate()).toMatchObject({ ok: true, checked: { records: versions.size } })
    await runIn(path, ['doctor', 'ops', '--close-stale', '--fix'])
    const kept = await listIn(path, '--all')
    expect(kept.filter((op) => op.in?.includes('ledger')).length).toBeGreaterThan(0)
    const archived = (await jsonIn(path, ['ops', 'archive', '--older-than', '0'])).json
    expect(archived).toMatchObject({ result: 'success', archived: versions.size })
    expect(await gate()).toMatchObject({ ok: true, checked: { records: versions.size } })
    const after = await listIn(path)
    expect(after.every(({ status }) => status === 'closed')).toBe(true)
    expect(after.map((op) => op.invocation_id)).toEqual(expect.arrayContaining(closedIds))
    expect((await jsonIn(path, ['doctor', 'ops', '--deep'])).json).toMatchObject({ healthy: true })
  }, 300_000)

  it('are kept byte for byte in the ledger alone, and come with a sync', async () => {
    const repository = await newRepository()
    const { path } = repository
    await repository.write('.kittify/config.yaml', 'ops:\n  commit: ledger\n')
    await repository.commit('Ledger alone')
    for (const id of closedIds) {
      await repository.write(`kitty-ops/${id}.jsonl`, versions.get(id)?.at(-1) ?? '')
      await runIn(path, ['ops', 'complete', id, '--outcome', 'done'])
    }
    const kept = (await listIn(path, '--all')).filter((op) => op.in?.includes('ledger'))
    expect(kept.map((op) => op.invocation_id).toSorted()).toEqual(closedIds)
    const [ref] = (
      await repository.git('for-each-ref', '--format=%(refname)', 'refs/kitty/ops')
    ).split('\n')
    const [id = ''] = closedIds
    const files = (await repository.git('ls-tree', '-r', '--name-only', ref ?? '')).split('\n')
    const place = files.find((file) => file.endsWith(`${id}.jsonl`))
    expect(`${await repository.git('show', `${ref}:${place}`)}\n`).toBe(versions.get(id)?.at(-1))
    expect((await jsonIn(path, ['ops', 'verify'])).json).toMatchObject({ ok: true })
    const server = join(await tempFolder(), 'server.git')
    await repository.git('clone', '--quiet', '--bare', path, server)
    await repository.git('remote', 'add', 'team', server)
    expect(await runIn(path, ['ops', 'sync', 'team'])).toMatchObject({ status: 0 })
    const clone = join(await tempFolder(), 'clone')
    await repository.git('clone', '--quiet', server, clone)
    expect(await runIn(clone, ['ops', 'sync', 'origin'])).toMatchObject({ status: 0 })
    const came = await listIn(clone, '--all')
    expect(came.map((op) => op.invocation_id).toSorted()).toEqual(closedIds)
    await runIn(clone, ['ops', 'restore', id])
    const restored = await readFile(join(clone, 'kitty-ops', `${id}.jsonl`), 'utf8')
    expect(restored).toBe(versions.get(id)?.at(-1))
  }, 300_000)
})
