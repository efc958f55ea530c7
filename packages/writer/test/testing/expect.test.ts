import { unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { expectAnswer, expectOnDisk } from '../../src/testing/expect.js'
import { prepareOp } from '../../src/testing/prepared-op.js'
import { unbornRepository } from '../../src/testing/scratch-repository.js'

test.each([
  ['nobody is told why', { status: 'failed', code: 'GIT_FAILED', message: '' }],
  ['the code is no word', { status: 'refused', code: 'not so', message: 'x' }],
  ['the reason is no word', { status: 'deferred', reason: 'Not now', message: 'x' }],
] as const)('whoever answers badly reads that %s', (words, result) => {
  expect(() => expectAnswer(result)).toThrow(words)
})

test('a record that is lost is named', async () => {
  const repository = await unbornRepository()
  try {
    const op = await prepareOp(repository)
    await expectOnDisk(repository, op)
    await unlink(join(repository.top, op.path))
    await expect(expectOnDisk(repository, op)).rejects.toThrow(`the record ${op.path} cannot be`)
  } finally {
    await repository.dispose()
  }
})
