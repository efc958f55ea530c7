import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { PROBLEM_SEVERITIES } from '../../src/index.js'

test('the format lists every problem with its severity', () => {
  const guide = readFileSync(new URL('../../../../docs/format.md', import.meta.url), 'utf8')
  const rows = [...guide.matchAll(/^\| `([A-Z_0-9]+)` \| (error|warning|info) \|/gm)]
  expect(Object.fromEntries(rows.map(([, code, severity]) => [code, severity]))).toEqual(
    PROBLEM_SEVERITIES,
  )
})
