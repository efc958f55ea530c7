import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('../../proof/run.mjs', import.meta.url))

test('twenty thousand mutated records are read: nothing throws, is lost, is slow or is kept', () => {
  const seed = String(Date.now() % 2 ** 31)
  const args = [program, 'fuzz', '20000', seed]
  expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toMatch(/inputs +20000/)
})
