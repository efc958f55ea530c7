import { newOpId, type OpId } from '@kitty/record'
import { newRepository, openRecordText } from '@kitty/test-kit'
import type { CommitRequest } from '@kitty/writer'
import { archivedPath, recordPath } from '@kitty/writer/internals'
import { expect, it } from 'vitest'
import { directGit } from '../../src/direct-git.js'
import { opRequest } from '../support/requests.js'

type Change = (closed: CommitRequest, id: OpId) => CommitRequest

const REQUESTS: Readonly<Record<string, Change>> = {
  'is what an Op asks for': (closed, id) => ({ ...closed, write: [recordPath(id)] }),
  'comes along with a closed one': (closed, id) => ({
    ...closed,
    write: [...closed.write, recordPath(id)],
  }),
  'is to be archived': (closed, id) => ({
    ...closed,
    kind: 'archive',
    write: [...closed.write, archivedPath(id)],
    remove: [recordPath(id)],
  }),
}

it.each(Object.entries(REQUESTS))('an open record is refused, where it %s', async (_, change) => {
  const repository = await newRepository()
  const id = newOpId()
  for (const path of [recordPath(id), archivedPath(id)]) {
    await repository.write(path, openRecordText({ id }))
  }
  const tip = await repository.head()
  const [result] = await directGit().commit([change(await opRequest(repository), id)])
  expect(result).toMatchObject({ status: 'refused', code: 'OPEN_RECORD' })
  expect(result).toHaveProperty('message', expect.stringContaining(id))
  expect(await repository.head()).toBe(tip)
})
