// What `npm start` shows is what happens: a step that does not hold ends it.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const TOUR = fileURLToPath(new URL('../tour.mjs', import.meta.url))

test('the tour of npm start comes to its end, and each of its claims holds', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [TOUR])
  expect(stderr).toBe('')
  expect(stdout.match(/✓ .*/g)).toEqual([
    expect.stringContaining('an open Op is never committed'),
    expect.stringContaining('the doctor names it'),
    expect.stringContaining('the staged half is the same'),
    expect.stringContaining('the half that is not staged is the same'),
    expect.stringContaining('all equal'),
  ])
})
