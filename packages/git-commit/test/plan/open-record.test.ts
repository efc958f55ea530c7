import { newOpId, type OpId } from '@kitty/record'
import { newRepository, openRecordText } from '@kitty/test-kit'
import type { CommitRequest } from '@kitty/writer'
import { archivedPath, recordPath } from '@kitty/writer/internals'
import { expect, it } from 'vitest'
import { directGit } from '../../src/direct-git.js'
import {
  archiveRequest,
  type OpRequest,
  opRequest,
  type Rooted,
  recordOf,
} from '../support/requests.js'

type Change = (closed: Rooted<OpRequest>, id: OpId) => CommitRequest

const REQUESTS: Readonly<Record<string, Change>> = {
  'is what an Op asks for': (closed, id) => ({
    ...closed,
    record: recordOf(recordPath(id), openRecordText({ id })),
  }),
  'has grown since, to what an Op asks for': (closed, id) => ({
    ...closed,
    record: { ...closed.record, path: recordPath(id) },
  }),
  'comes along with a closed one': (closed, id) => ({ ...closed, extras: [recordPath(id)] }),
  'is to be archived': (closed, id) =>
    archiveRequest(closed.root, { from: recordPath(id), to: archivedPath(id) }),
}

it.each(Object.entries(REQUESTS))('an open record is refused, where it %s', async (_, change) => {
  const repository = await newRepository()
  const id = newOpId()
  for (const path of [recordPath(id), archivedPath(id)]) {
    await repository.write(path, openRecordText({ id }))
  }
  const tip = await repository.head()
  const [result] = await directGit().commit(repository.path, [
    change(await opRequest(repository), id),
  ])
  expect(result).toMatchObject({ status: 'refused', code: 'OPEN_RECORD' })
  expect(result).toHaveProperty('message', expect.stringContaining(id))
  expect(await repository.head()).toBe(tip)
})
