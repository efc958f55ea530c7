import { newOpId, type OpId, parseOpRecord } from '@kitty/record'
import { closedRecordText, tempFolder } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import type { OpFilter } from '../../src/index.js'
import { recordPath } from '../../src/project/paths.js'
import { listOps } from '../../src/records/list-ops.js'
import { putRecord } from '../support/records.js'

const ids = Array.from({ length: 6 }, (_, n) => newOpId(Date.UTC(2026, 0, 1 + n)))

const fileOf = (id: OpId) => {
  const bytes = Buffer.from(closedRecordText({ id }))
  return { record: parseOpRecord(bytes, { opId: id }), bytes, path: recordPath(id) }
}

const listed = async (onDisk: readonly OpId[], elsewhere: readonly OpId[], filter?: OpFilter) => {
  const root = await tempFolder()
  for (const id of onDisk) await putRecord(root, id, closedRecordText({ id }))
  const found = await listOps(root, filter, async () => elsewhere.map(fileOf))
  return found.map(({ invocation_id }) => ids.indexOf(invocation_id))
}

const at = (...numbers: readonly number[]) =>
  numbers.map((n) => ids[n]).filter((id) => id !== undefined)

it.each([
  ['between those on the disk', at(0, 2, 4), at(1, 3, 5), [5, 4, 3, 2, 1, 0]],
  ['before and after them', at(2, 3), at(0, 1, 4, 5), [5, 4, 3, 2, 1, 0]],
  ['if the disk has none', at(), at(1, 0), [1, 0]],
  ['except those that are on disk', at(0, 1, 2), at(2, 1), [2, 1, 0]],
  ['and there can be none', at(1, 0), at(), [1, 0]],
])('a list includes extra records %s', async (_, onDisk, elsewhere, expected) => {
  expect(await listed(onDisk, elsewhere)).toEqual(expected)
})

it('a list after a position leaves out what is before it, wherever it is', async () => {
  const after = at(3)[0]
  expect(await listed(at(0, 3, 4), at(1, 2, 5), { ...(after && { after }) })).toEqual([2, 1, 0])
})

it('a list at its limit reads no further', async () => {
  expect(await listed(at(0, 3), at(1, 5), { limit: 2 })).toEqual([5, 3])
})
