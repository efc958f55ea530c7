// Checks that each test that SECURITY.md names for a claim exists.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

const ROW = /^\| (.+?) \| `(\S+\.test\.ts)` \| (.+?) \|$/gm
const claims = [...textOf('SECURITY.md').matchAll(ROW)].map(
  ([, claim = '', file = '', title = '']) => ({ claim, file, title }),
)

test('claims name their tests', () => {
  expect(claims.length).toBeGreaterThan(30)
})

test.each(claims)('$claim', ({ file, title }) => {
  expect(textOf(`packages/${file}`)).toContain(title)
})
