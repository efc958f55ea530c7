import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

const module = new URL('../compare/fallen.mjs', import.meta.url).href

type Tests = { expects: number; titles: readonly string[]; branches?: number | undefined }

/** Returns the lines that the script prints about what the tests of a package lost. */
const fallen = (then: Tests, now: Tests): unknown => {
  const code = `import { fallen } from ${JSON.stringify(module)}
  const [then, now] = ${JSON.stringify([then, now])}.map((tests) => new Map([['record', tests]]))
  process.stdout.write(JSON.stringify(fallen(then, now)))`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    encoding: 'utf8',
  })
  return JSON.parse(stdout)
}

const then = { expects: 3, titles: ['a > one', 'a > one', 'b'], branches: 96.5 }

test('reports nothing if tests were only added', () => {
  const now = { expects: 4, titles: ['b', 'new', 'a > one', 'a > one'], branches: 96.5 }
  expect(fallen(then, now)).toEqual([])
})

test('reports a lost expectation, a lost title (also one of two equal ones) and lost branches', () => {
  expect(fallen(then, { expects: 1, titles: ['b', 'a > one', 'new'], branches: 96.4 })).toEqual([
    'record: 2 fewer expect(',
    'record: no test “a > one”',
    'record: 96.4 % of branches covered, 96.5 % before',
  ])
})

test('does not compare branches without coverage', () => {
  const [before, now] = [
    { ...then, branches: undefined },
    { ...then, branches: undefined },
  ]
  expect(fallen(before, now)).toEqual([])
})
