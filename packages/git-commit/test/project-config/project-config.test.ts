import { expect, test } from 'vitest'
import { readProtection, readYaml } from '../../src/project-config/index.js'

const TEXT = 'ops: {commit: safe}\nprotection:\n  protected_branches: [main, "", 1]\n  other: x\n'

test('a section is read with all that is wrong in it, and each thing has its line', () => {
  const yaml = readYaml(TEXT)
  if ('trouble' in yaml) throw new Error(yaml.message)
  const place = ['protection', 'protected_branches']
  expect(readProtection(yaml.data)).toEqual({
    branches: ['main', ''],
    faults: [
      { kind: 'empty', place: [...place, 1] },
      { kind: 'no name', place: [...place, 2] },
    ],
    unknown: ['other'],
  })
  expect([yaml.lineOf(place), yaml.lineOf(['protection', 'none', 'below'])]).toEqual([3, 3])
  expect([...yaml.linesUnder('protection')]).toEqual([
    ['protected_branches', 3],
    ['other', 4],
  ])
  expect(yaml.linesUnder('nowhere').size).toBe(0)
})

test('what is no section has no list, and says so', () => {
  const none = { branches: undefined, faults: [], unknown: [] }
  for (const data of [null, {}, { protection: null }, { protection: undefined }]) {
    expect(readProtection(data)).toEqual(none)
  }
  const fault = (kind: string, ...place: string[]) => ({ ...none, faults: [{ kind, place }] })
  for (const data of ['x', 7, [], undefined])
    expect(readProtection(data)).toEqual(fault('no mapping'))
  for (const protection of ['x', 7, []]) {
    expect(readProtection({ protection })).toEqual(fault('no mapping', 'protection'))
  }
  const branches = (list: unknown) => readProtection({ protection: { protected_branches: list } })
  expect(branches({})).toEqual(fault('no list', 'protection', 'protected_branches'))
  expect(branches(['a', 7, 'refs/heads/b', 'b/refs/'])).toEqual({
    branches: ['a', 'refs/heads/b', 'b/refs/'],
    faults: [
      { kind: 'no name', place: ['protection', 'protected_branches', 1] },
      { kind: 'ref', place: ['protection', 'protected_branches', 2] },
    ],
    unknown: [],
  })
})

test('a value without a place of its own has the line of what holds it', () => {
  const yaml = readYaml('a: 1\nb:\n  c:\n    - x\n    - y\n')
  if ('trouble' in yaml) throw new Error(yaml.message)
  const places = [[], ['b', 'c', 1], ['b', 'c', 7], ['b', 'x'], ['x', 'y']]
  expect(places.map((place) => yaml.lineOf(place))).toEqual([1, 5, 4, 3, 1])
  expect([...yaml.linesUnder('b')]).toEqual([['c', 3]])
  expect([...yaml.linesUnder('a')]).toEqual([])
})

test('the message of a mistake is one line, without the text around it', () => {
  expect(readYaml('a: 1\nb: [')).toMatchObject({ message: expect.not.stringContaining('\n') })
})

test('a text over 64 KiB is not parsed', () => {
  expect(readYaml(`a: ${'x'.repeat(60_000)}`)).toMatchObject({ ok: true })
  const names = Array.from({ length: 20_000 }, (_, at) => `a${at}:\n`).join('')
  expect(readYaml(names)).toMatchObject({
    ok: false,
    line: 1,
    message: expect.stringContaining('64 KiB'),
  })
})

test.each([
  ['a: 1\nb: [', 'syntax', 2],
  ['a: 1\nb: *nothing\n', 'aliases', 2],
])('%j is reported with its line', (text, trouble, line) => {
  expect(readYaml(text)).toMatchObject({ trouble, line })
})
