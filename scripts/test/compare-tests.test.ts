import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

const module = new URL('../compare/fallen.mjs', import.meta.url).href

type Tests = { expects: number; titles: readonly string[]; branches?: number | undefined }

/** What fell between the tests of a package then and now, as the script says it. */
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

test('tests that only grew have not fallen', () => {
  const now = { expects: 4, titles: ['b', 'new', 'a > one', 'a > one'], branches: 96.5 }
  expect(fallen(then, now)).toEqual([])
})

test('an expectation, a title of several and a branch that are gone are named', () => {
  expect(fallen(then, { expects: 1, titles: ['b', 'a > one', 'new'], branches: 96.4 })).toEqual([
    'record: 2 expect( fewer',
    'record: no test “a > one”',
    'record: 96.4 % of branches, 96.5 before',
  ])
})

test('without coverage, branches are not compared', () => {
  const [before, now] = [
    { ...then, branches: undefined },
    { ...then, branches: undefined },
  ]
  expect(fallen(before, now)).toEqual([])
})
