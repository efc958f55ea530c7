import { parseOpRecord } from '@kitty/record'
import { closedRecordText, newRepository } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import type { CommitStrategy } from '../../src/ports/commit-strategy.js'
import { recordPath } from '../../src/project/paths.js'
import { idAt } from '../support/records.js'
import { openIn } from '../support/store.js'
import { committing } from '../support/strategies.js'

const ID = idAt(0)

/** A strategy whose reader finds one record that is not on disk. */
const reading = (): CommitStrategy => {
  const text = closedRecordText({ id: ID })
  const [bytes, record] = [Buffer.from(text), parseOpRecord(text, { opId: ID })]
  return {
    ...committing(),
    reader: {
      recordsInHead: async () => undefined,
      findCommits: async (_, records) => records.map(() => undefined),
      sparseRecords: async () => [{ record, bytes, path: recordPath(ID) }],
    },
  }
}

const listed = async (root: string, strategy: CommitStrategy) =>
  (await (await openIn(root, { strategy })).list()).map(({ invocation_id }) => invocation_id)

it('an Op whose record a sparse checkout keeps off the disk is listed, if the strategy can read it', async () => {
  const { path, git } = await newRepository({ files: { 'app/a.txt': 'x\n' } })
  await git('sparse-checkout', 'set', 'app')
  expect(await listed(path, reading())).toEqual([ID])
  expect(await listed(path, committing())).toEqual([])
})

it('without a sparse checkout, a list needs no reader', async () => {
  const { path } = await newRepository()
  expect(await listed(path, reading())).toEqual([])
})
