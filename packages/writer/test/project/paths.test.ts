import { sep } from 'node:path'
import { basename, dirname } from 'node:path/posix'
import { newOpId, parseOpId } from '@kitty/record'
import { describe, expect, it } from 'vitest'
import {
  ATTRIBUTES_TEXT,
  archivedPath,
  evidenceFolder,
  isArchiveMonth,
  opIdOfName,
  recordPath,
  toAbsolute,
} from '../../src/project/paths.js'

const ID = parseOpId('01ARZ3NDEKTSV4RRFFQ69G5FAV') // made on 30 July 2016

const NEW_YEAR = Date.UTC(2025, 0, 1)

describe('the layout', () => {
  it('names a record by its id alone', () => {
    expect(recordPath(ID)).toBe(`kitty-ops/${ID}.jsonl`)
    expect(evidenceFolder(ID)).toBe(`.kittify/evidence/${ID}`)
  })

  it('archives an Op under the month of its id', () => {
    expect(archivedPath(ID)).toBe(`kitty-ops/archive/2016-07/${ID}.jsonl`)
  })

  it.each([
    ['the last millisecond of a year', newOpId(NEW_YEAR - 1), '2024-12'],
    ['the first millisecond of the next', newOpId(NEW_YEAR), '2025-01'],
    ['the beginning of time', parseOpId('00000000000000000000000000'), '1970-01'],
  ])('uses the month in UTC: %s', (_, id, month) => {
    expect(archivedPath(id)).toBe(`kitty-ops/archive/${month}/${id}.jsonl`)
  })

  it('recognizes a month of the archive by its name, even after the year 9999', () => {
    const names = [ID, parseOpId('7ZZZZZZZZZZZZZZZZZZZZZZZZZ')].map((id) =>
      basename(dirname(archivedPath(id))),
    )
    expect(names).toEqual(['2016-07', '+010889-08'])
    expect(names.every(isArchiveMonth)).toBe(true)
    expect(['10889-08', '+110889-08', '2016-7', '2016-07x', ''].some(isArchiveMonth)).toBe(false)
  })

  it.each(['../../etc/passwd', '', ID.toLowerCase(), `${ID}/..`, `8${ID.slice(1)}`])(
    'creates no path from %j',
    (text) => {
      for (const path of [recordPath, archivedPath, evidenceFolder]) {
        expect(() => path(parseOpId(text))).toThrowError(
          expect.objectContaining({ code: 'OP_ID_INVALID' }),
        )
      }
    },
  )

  it('distinguishes records from other files in the folder', () => {
    expect(opIdOfName(`${ID}.jsonl`)).toBe(ID)
    for (const name of ['ops-index.jsonl', 'lifecycle.jsonl', `${ID}.json`, `x${ID}.jsonl`, ID]) {
      expect(opIdOfName(name)).toBeUndefined()
    }
  })

  it('makes git keep every byte, and merge the files that several branches append to', () => {
    expect(ATTRIBUTES_TEXT).toBe(
      [
        '*.jsonl -text -filter -ident !working-tree-encoding !merge linguist-generated',
        'ops-index.jsonl merge=union',
        'lifecycle.jsonl merge=union',
        'propagation-errors.jsonl merge=union',
        '',
      ].join('\n'),
    )
  })

  it('creates paths of this system', () => {
    expect(toAbsolute('/project', 'kitty-ops/archive/2016-07')).toBe(
      ['', 'project', 'kitty-ops', 'archive', '2016-07'].join(sep),
    )
  })
})
