import { unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { expectAnswer, expectOnDisk } from '../../src/testing/expect.js'
import { prepareOp } from '../../src/testing/prepared-op.js'
import { unbornRepository } from '../../src/testing/scratch-repository.js'

test.each([
  ['the message is empty', { status: 'failed', code: 'GIT_FAILED', message: '' }],
  ['the code must be UPPER_SNAKE', { status: 'refused', code: 'not so', message: 'x' }],
  ['the reason must be kebab-case', { status: 'deferred', reason: 'Not now', message: 'x' }],
] as const)('a bad result fails with: %s', (words, result) => {
  expect(() => expectAnswer(result)).toThrow(words)
})

test('a lost record is named', async () => {
  const repository = await unbornRepository()
  try {
    const op = await prepareOp(repository)
    await expectOnDisk(repository, op)
    await unlink(join(repository.top, op.path))
    await expect(expectOnDisk(repository, op)).rejects.toThrow(
      `the record ${op.path} can no longer`,
    )
  } finally {
    await repository.dispose()
  }
})
