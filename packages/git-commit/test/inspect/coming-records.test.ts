import { newOpId } from '@kitty/record'
import { closedRecordText, newRepository, type Repository } from '@kitty/test-kit'
import { archivedPath, recordPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { areComing } from '../../src/inspect/coming-records.js'

const newRecord = () => {
  const id = newOpId()
  const text = closedRecordText({ id })
  const [hot, archived] = [recordPath(id), archivedPath(id)]
  return { hot, archived, text, paths: [hot, archived], bytes: Buffer.from(text) }
}

/** A repository on one of two branches, of which the other has a record. */
const newBranches = async (inFolder = '') => {
  const repository = await newRepository()
  const record = newRecord()
  await repository.git('switch', '--quiet', '-c', 'other')
  await repository.write(`${inFolder}${record.hot}`, record.text)
  await repository.commit('An Op')
  await repository.git('switch', '--quiet', '-')
  return { repository, record }
}

const deleteHere = async (repository: Repository, path: string): Promise<void> => {
  await repository.git('merge', '--quiet', '--ff-only', 'other')
  await repository.git('rm', '--quiet', path)
  await repository.commit('Without')
}

describe('records of another branch', () => {
  it('come from it if HEAD never had them, and no others do', async () => {
    const { repository, record } = await newBranches()
    expect(await areComing(repository.path, [newRecord(), record])).toEqual([false, true])
    expect(await areComing(repository.path, [newRecord()])).toEqual([false])
  })

  it('come from it in a store below the top', async () => {
    const { repository, record } = await newBranches('store/')
    await repository.write('store/x', '')
    expect(await areComing(`${repository.path}/store`, [record])).toEqual([true])
    await deleteHere(repository, `store/${record.hot}`)
    await repository.write('store/x', '')
    expect(await areComing(`${repository.path}/store`, [record])).toEqual([false])
  })

  it('do not if a commit took them out of HEAD, even if they were archived on the other one since', async () => {
    const { repository, record } = await newBranches()
    await deleteHere(repository, record.hot)
    expect(await areComing(repository.path, [record])).toEqual([false])
    await repository.git('switch', '--quiet', 'other')
    await repository.write(record.archived, record.text)
    await repository.git('rm', '--quiet', record.hot)
    await repository.commit('Archived')
    await repository.git('switch', '--quiet', '-')
    expect(await areComing(repository.path, [record])).toEqual([false])
  })

  it('come from one without a common history', async () => {
    const { repository, record } = await newBranches()
    await repository.git('switch', '--quiet', '--orphan', 'alone')
    expect(await areComing(repository.path, [record])).toEqual([true])
    await repository.write(record.hot, record.text)
    await repository.git('add', record.hot)
    expect(await areComing(repository.path, [record])).toEqual([true])
    await repository.commit('Alone')
    await repository.git('rm', '--quiet', '--cached', record.hot)
    expect(await areComing(repository.path, [record])).toEqual([false])
  })
})
