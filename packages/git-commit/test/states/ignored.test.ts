import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { expectCommitted } from '../support/expect-committed.js'
import { answerOf, closeOne, startOne, storeAt } from '../support/ops.js'

/** Writes ignore rules; returns the file's path and its name for git. */
type Ignore = (repository: Repository, text: string) => Promise<readonly [string, string]>

const inRepository =
  (name: string): Ignore =>
  async (repository, text) => {
    await repository.write(name, text)
    return [join(repository.path, name), name]
  }

const ofTheUser: Ignore = async (repository, text) => {
  const file = join(await tempFolder(), 'ignore')
  await writeFile(file, text)
  await repository.git('config', 'core.excludesFile', file)
  return [file, file]
}

const CASES: readonly (readonly [string, string, Ignore])[] = [
  ['kitty-ops', '.gitignore', inRepository('.gitignore')],
  ['/kitty-ops/', '.gitignore', inRepository('.gitignore')],
  ['*.jsonl', '.gitignore', inRepository('.gitignore')],
  ['kitty-ops/*', '.gitignore', inRepository('.gitignore')],
  ['kitty-ops/', 'info/exclude', inRepository('.git/info/exclude')],
  ['kitty-ops/', 'core.excludesFile', ofTheUser],
]

describe('an ignored record', () => {
  it.each(CASES)(
    'by "%s" in %s: deferred with the rule in the message, and never added by force',
    async (...rule) => {
      const [pattern, , ignore] = rule
      const repository = await newRepository()
      const text = `# Ours:\n${pattern}\n`
      const [path, name] = await ignore(repository, text)
      const ops = await storeAt(repository)
      const closed = await closeOne(ops)
      expect(closed.commit).toMatchObject({
        status: 'deferred',
        reason: 'ignored',
        message: expect.stringContaining(`"${pattern}" in ${name}, line 2`),
      })
      expect(await repository.log()).toEqual(['First commit'])
      expect(await repository.git('ls-files', 'kitty-ops')).toBe('')
      expect((await readFile(path, 'utf8')).startsWith(text)).toBe(true)
      await rm(path)
      await ops.flush()
      await expectCommitted(repository, ops, closed)
    },
  )

  it('is not ignored if a later rule says so', async () => {
    const repository = await newRepository()
    await repository.write('.gitignore', '*.jsonl\n!kitty-ops/*.jsonl\n')
    const ops = await storeAt(repository)
    await expectCommitted(repository, ops, await closeOne(ops))
  })

  it('does not hold up others', async () => {
    const repository = await newRepository()
    const ops = await storeAt(repository)
    const { id, path } = await startOne(ops)
    await repository.write('.gitignore', `${path}\n`)
    const closed = await Promise.all([
      ops.complete(id, { outcome: 'done' }),
      closeOne(ops),
      closeOne(ops),
    ])
    expect(closed.map(answerOf)).toEqual(['ignored', 'committed', 'committed'])
    expect(await repository.git('ls-files', 'kitty-ops')).not.toContain(path)
  })
})

describe('other ignored files', () => {
  it('evidence alone: committed without it, and noted', async () => {
    const repository = await newRepository()
    await repository.write('.gitignore', '.kittify/\n')
    await repository.write('build.log', 'broken\n')
    const ops = await storeAt(repository)
    const { id } = await startOne(ops)
    const evidence = join(repository.path, 'build.log')
    const closed = await ops.complete(id, { outcome: 'failed', evidence })
    expect(closed.commit).toMatchObject({
      status: 'committed',
      notes: [expect.stringMatching(/^\.kittify\/evidence\/.* was left out: .*\.gitignore/)],
    })
    await expectCommitted(repository, ops, closed)
  })

  it.each(['ops-index.jsonl', '.gitattributes'])('%s: committed without it', async (name) => {
    const repository = await newRepository()
    await repository.write('.gitignore', `${name}\n`)
    const ops = await storeAt(repository)
    const closed = [await closeOne(ops), await closeOne(ops)]
    for (const each of closed) await expectCommitted(repository, ops, each)
    expect(await repository.git('ls-files', 'kitty-ops')).not.toContain(name)
  })
})
