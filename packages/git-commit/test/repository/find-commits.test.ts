import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { newOpId } from '@kitty/record'
import { closedRecordText, newRepository, tempFolder } from '@kitty/test-kit'
import { recordPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { findCommits } from '../../src/inspect.js'

const id = newOpId()
const text = closedRecordText({ id })
const record = { paths: [recordPath(id)], bytes: Buffer.from(text) }

describe('the commit of a record that is gone from disk', () => {
  it('is found on another branch while HEAD has no commit yet', async () => {
    const repository = await newRepository()
    await repository.write(recordPath(id), text)
    const sha = await repository.commit('An Op')
    await repository.write('other.txt', 'x\n')
    await repository.commit('Something else')
    await repository.git('checkout', '--quiet', '--orphan', 'empty')
    expect(await findCommits(repository.path, [record])).toEqual([sha])
  })

  it('is not found with other bytes', async () => {
    const repository = await newRepository()
    await repository.write(recordPath(id), `${text}\n`)
    await repository.commit('An Op')
    expect(await findCommits(repository.path, [record])).toEqual([undefined])
  })

  it('is not found without a commit, and outside git', async () => {
    const { path } = await newRepository({ unborn: true })
    expect(await findCommits(path, [record])).toEqual([undefined])
    expect(await findCommits(await tempFolder(), [record])).toEqual([undefined])
  })

  it.skipIf(process.platform === 'win32')(
    'is not looked for in a folder with a line feed in its name',
    async () => {
      const repository = await newRepository()
      const root = join(repository.path, 'a\nb')
      await mkdir(root)
      await repository.write(`a\nb/${recordPath(id)}`, text)
      await repository.commit('An Op')
      expect(await findCommits(root, [record])).toEqual([undefined])
    },
  )
})
