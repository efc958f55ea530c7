// Checks the tour of `npm start`, which fails if one of its claims does not hold.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const TOUR = fileURLToPath(new URL('../tour.mjs', import.meta.url))

test('the tour of npm start completes, and each of its claims holds', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [TOUR])
  expect(stderr).toBe('')
  expect(stdout.match(/✓ .*/g)).toEqual([
    expect.stringContaining('an open Op is never committed'),
    expect.stringContaining('the doctor lists it'),
    expect.stringContaining('the staged changes are the same'),
    expect.stringContaining('the unstaged changes are the same'),
    expect.stringContaining('bytes are equal'),
  ])
})
