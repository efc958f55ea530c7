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
