import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { expectBytes, expectCommitted } from '../support/expect-committed.js'
import { closeOne, startOne, storeAt } from '../support/ops.js'

type Prepare = (repository: Repository) => Promise<unknown>

const FILTERS = [
  ['filter.shout.clean', 'tr a-z A-Z'],
  ['filter.shout.smudge', 'tr A-Z a-z'],
  ['filter.shout.required', 'true'],
  ['filter.lfs.process', 'false'],
  ['filter.lfs.required', 'true'],
  ['filter.a=b.clean', 'tr a-z A-Z'],
] as const

const filtered =
  (prepare: Prepare): Prepare =>
  async (repository) => {
    for (const [name, value] of FILTERS) await repository.git('config', name, value)
    await prepare(repository)
  }

const attributes =
  (path: string, text: string): Prepare =>
  async (repository) => {
    await repository.write(path, `${text}\n`)
    if (!path.startsWith('.git/')) await repository.commit('Attributes')
  }

const ELSEWHERE: Prepare = async (repository) => {
  const file = join(await tempFolder(), 'attributes')
  await writeFile(file, '*.jsonl filter=shout\n')
  await repository.git('config', 'core.attributesFile', file)
}

const INFO = '.git/info/attributes'

const CONVERSIONS: Readonly<Record<string, Prepare>> = {
  'core.autocrlf=true': ({ git }) => git('config', 'core.autocrlf', 'true'),
  'core.autocrlf=true and core.safecrlf=true': async ({ git }) => {
    await git('config', 'core.autocrlf', 'true')
    await git('config', 'core.safecrlf', 'true')
  },
  'line ends of another system': attributes('.gitattributes', '* text eol=crlf'),
  'an encoding': attributes('.gitattributes', '*.jsonl text working-tree-encoding=UTF-16'),
  'a filter of the repository': filtered(attributes('.gitattributes', '*.jsonl filter=shout')),
  'large file storage': filtered(attributes('.gitattributes', '*.jsonl filter=lfs')),
  'a filter of the user': filtered(ELSEWHERE),
}

describe.each(Object.entries(CONVERSIONS))('%s', (_, prepare) => {
  it('the records’ bytes are committed, come back from git, and nothing shows', async () => {
    const repository = await newRepository()
    await prepare(repository)
    const ops = await storeAt(repository)
    const closed = [await closeOne(ops), await closeOne(ops)]
    for (const each of closed) await expectCommitted(repository, ops, each)
    const file = join(repository.path, closed[0]?.path ?? '')
    const text = await readFile(file, 'utf8')
    await rm(join(repository.path, 'kitty-ops'), { recursive: true })
    await repository.git('checkout', '--quiet', 'kitty-ops')
    expect(await readFile(file, 'utf8')).toBe(text)
    expect(await repository.statusPorcelain()).toEqual([])
  })
})

const OUTRANKING: Readonly<Record<string, Prepare>> = {
  'a filter of this clone': filtered(attributes(INFO, '*.jsonl filter=shout')),
  'a filter of this clone with an odd name': filtered(attributes(INFO, '*.jsonl filter=a=b')),
  'large file storage of this clone': filtered(attributes(INFO, '*.jsonl filter=lfs')),
  'line ends of this clone': attributes(INFO, '*.jsonl text eol=crlf'),
  'a branch that lacks our attributes': async (repository) => {
    await filtered(attributes('.gitattributes', '*.jsonl filter=shout'))(repository)
    await repository.write('kitty-ops/.gitattributes', '# None.\n')
  },
}

// A clone's `info/attributes` override ours: git can then show the record as changed.
describe.each(Object.entries(OUTRANKING))('%s', (_, prepare) => {
  it('the records’ bytes are committed, and nothing is left staged', async () => {
    const repository = await newRepository()
    await prepare(repository)
    const ops = await storeAt(repository)
    for (const { path } of [await closeOne(ops), await closeOne(ops)]) {
      await expectBytes(repository, path, await readFile(join(repository.path, path)))
    }
    expect(await repository.git('diff', '--cached', '--name-only')).toBe('')
  })
})

const EVIDENCE: Readonly<Record<string, Prepare>> = {
  'line ends': attributes('.gitattributes', '* text=auto'),
  'forced line ends': attributes('.gitattributes', '*.log text eol=lf'),
  'safe line ends': async ({ git }) => {
    await git('config', 'core.autocrlf', 'true')
    await git('config', 'core.safecrlf', 'true')
  },
  'an encoding': attributes('.gitattributes', '*.log text working-tree-encoding=UTF-16'),
  'large file storage': filtered(attributes('.gitattributes', '*.log filter=lfs')),
}

describe.each(Object.entries(EVIDENCE))('evidence under %s', (_, prepare) => {
  it('is committed to the byte, and the user finds nothing staged', async () => {
    const repository = await newRepository()
    await prepare(repository)
    const bytes = Buffer.from('one\r\ntwo\nthree \xff\r\n', 'latin1')
    const evidence = join(repository.path, 'build.log')
    await writeFile(evidence, bytes)
    const ops = await storeAt(repository)
    const { id } = await startOne(ops)
    const closed = await ops.complete(id, { outcome: 'failed', evidence })
    const path = closed.record.completed?.evidence_ref ?? ''
    await expectBytes(repository, path, bytes)
    expect(await repository.git('diff', '--cached', '--name-only')).toBe('')
  })
})
