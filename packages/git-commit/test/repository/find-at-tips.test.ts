import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newOpId, type OpId } from '@kitty/record'
import { closedRecordText, newRepository, tempFolder, withShim } from '@kitty/test-kit'
import { archivedPath, recordPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { areOnBranches, findAtTips } from '../../src/repository/find-at-tips.js'

const recordOf = (id: OpId = newOpId()) => ({
  id,
  text: closedRecordText({ id }),
  paths: [recordPath(id), archivedPath(id)],
  bytes: Buffer.from(closedRecordText({ id })),
})

/** Commits records at their first path, or at their second. Returns the commit. */
const commitAll = async (
  { write, commit }: Awaited<ReturnType<typeof newRepository>>,
  records: readonly ReturnType<typeof recordOf>[],
  place: 0 | 1 = 0,
): Promise<string> => {
  for (const { paths, text } of records) await write(paths[place] ?? '', text)
  return commit('Ops')
}

describe('records at the tips of branches', () => {
  it('are found hot and archived, on any branch, HEAD first', async () => {
    const repository = await newRepository()
    const [both, archived, other, nowhere] = [recordOf(), recordOf(), recordOf(), recordOf()]
    await commitAll(repository, [both])
    await repository.git('checkout', '--quiet', '-b', 'side')
    const side = await commitAll(repository, [other])
    await repository.git('checkout', '--quiet', '-')
    const head = await commitAll(repository, [archived], 1)
    const { path: top } = repository
    const found = await findAtTips(top, [nowhere, both, archived, other])
    expect(found).toMatchObject([
      undefined,
      { tip: head, path: both.paths[0] },
      { tip: head, path: archived.paths[1] },
      { tip: side, path: other.paths[0] },
    ])
  })

  it('are not found for other bytes, in another folder, or for an object that no branch has', async () => {
    const repository = await newRepository()
    const [changed, elsewhere, loose] = [recordOf(), recordOf(), recordOf()]
    await repository.write(changed.paths[0] ?? '', `${changed.text}\n`)
    await repository.write(`docs/${elsewhere.id}.jsonl`, elsewhere.text)
    await repository.commit('Other places')
    await repository.write('loose', loose.text)
    await repository.git('hash-object', '-w', 'loose')
    expect(await areOnBranches(repository.path, [changed, elsewhere, loose])).toEqual([
      false,
      false,
      false,
    ])
  })

  it('are found in a store below the top, under names that are not ASCII', async () => {
    const repository = await newRepository()
    const record = recordOf()
    const path = `työ kansio/${record.paths[0]}`
    await repository.write(path, record.text)
    const tip = await repository.commit('An Op')
    expect(await findAtTips(join(repository.path, 'työ kansio'), [record])).toMatchObject([
      { tip, path },
    ])
  })

  it('are looked for with as few git processes for many as for one', async () => {
    const repository = await newRepository()
    const records = Array.from({ length: 40 }, () => recordOf())
    await commitAll(repository, records)
    for (const name of ['one', 'two', 'three']) {
      await repository.git('checkout', '--quiet', '-b', name)
      await commitAll(repository, [recordOf()])
    }
    const log = join(await tempFolder(), 'log')
    const processes = async (some: typeof records): Promise<number> => {
      const before = (await readFile(log, 'utf8').catch(() => '')).length
      const ask = () => areOnBranches(repository.path, some)
      const answers = await withShim(`printf x >> '${log}'`, ask)
      expect(answers).toEqual(some.map(() => true))
      return (await readFile(log, 'utf8')).length - before
    }
    expect(await processes(records)).toBe(await processes(records.slice(0, 1)))
  })

  it('are not looked for where there is nothing to find', async () => {
    const { path } = await newRepository({ unborn: true })
    expect(await areOnBranches(path, [])).toEqual([])
    expect(await areOnBranches(path, [recordOf()])).toEqual([false])
    expect(await areOnBranches(await tempFolder(), [recordOf()])).toEqual([false])
  })
})
