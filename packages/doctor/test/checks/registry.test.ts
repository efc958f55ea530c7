import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { CHECKS } from '../../src/checks/registry.js'

const README = fileURLToPath(new URL('../../README.md', import.meta.url))

it('the table of checks names each of them, and no other', () => {
  const [, table = ''] = /^## Checks\n(.*?)^## /ms.exec(readFileSync(README, 'utf8')) ?? []
  const firstCells = table.split('\n').map((line) => line.split('|')[1] ?? '')
  const named = firstCells.flatMap((cell) => [...cell.matchAll(/`([\w-]+)`/g)].map(([, id]) => id))
  expect(named.toSorted()).toEqual(CHECKS.map(({ id }) => id).toSorted())
})
